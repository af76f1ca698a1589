package ai.mailgoat.server.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request, as a handler sees it.
///
/// @param path the path as matched, decoded, without trailing slash
/// @param parameters the decoded `{name}` segments
/// @param query all values of each query parameter
/// @param header looks up a request header, any case
/// @param rawBody the octets of the body, empty when there is none
/// @param caller `null` only on public routes
public record Call(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Function<String, Optional<String>> header,
        byte[] rawBody,
        @Nullable Principal caller,
        String requestId) {

    /// Who calls; not for public routes.
    public Principal principal() {
        if (caller == null) {
            throw new IllegalStateException(path + " is a public route");
        }
        return caller;
    }

    /// A `{name}` segment.
    public String parameter(String name) {
        return java.util.Objects.requireNonNull(parameters.get(name), name);
    }

    /// A `{name}` segment that must be a UUID in full form.
    ///
    /// @throws ApiException 422 `invalid_parameter`
    public UUID uuid(String name) {
        return ai.mailgoat.common.id.EmailId.parse(parameter(name))
                .orElseThrow(() -> ApiException.invalidId(name))
                .value();
    }

    /// The last value of a query parameter, unless absent or empty.
    public Optional<String> query(String name) {
        var values = query.getOrDefault(name, List.of());
        return values.isEmpty() || values.getLast().isEmpty()
                ? Optional.empty()
                : Optional.of(values.getLast());
    }

    /// The body as a JSON object; an absent body is an empty object.
    ///
    /// @throws ApiException when it is no JSON, or no object
    public JsonBody body() {
        return JsonBody.object(rawBody);
    }

    /// The `limit`, `after` and `before` of a list.
    public Page page() {
        return Page.of(this);
    }
}
