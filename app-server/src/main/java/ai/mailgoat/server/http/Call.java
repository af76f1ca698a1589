package ai.mailgoat.server.http;

import ai.mailgoat.common.id.Uuids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One request, as a handler sees it.
///
/// @param path the path as matched, decoded, without trailing slash
/// @param parameters the decoded `{name}` segments
/// @param query all values of each query parameter
/// @param header looks up a request header, any case
/// @param rawBody the octets of the body, empty when there is none
/// @param file where the body of an upload lies until the handler returns; `null` for other routes
/// @param caller `null` only on public routes
/// @param client the address it came from, as {@link ClientAddress} tells it
public record Call(
        String method,
        String path,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Function<String, Optional<String>> header,
        byte[] rawBody,
        @Nullable Path file,
        @Nullable Principal caller,
        String client,
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
        return Objects.requireNonNull(parameters.get(name), name);
    }

    /// A `{name}` segment that must be a UUID in full form.
    ///
    /// @throws ApiException 422 `invalid_parameter`
    public UUID uuid(String name) {
        return uuidIfAny(name).orElseThrow(() -> ApiException.invalidId(name));
    }

    /// A `{name}` segment that may be a UUID, or else a name or an address.
    public Optional<UUID> uuidIfAny(String name) {
        return Uuids.parse(parameter(name));
    }

    /// The last value of a query parameter, unless absent or empty.
    public Optional<String> query(String name) {
        var values = query.getOrDefault(name, List.of());
        return values.isEmpty() || values.getLast().isEmpty()
                ? Optional.empty()
                : Optional.of(values.getLast());
    }

    /// All values of a query parameter that is a list: separated by commas, or repeated, or both.
    /// Empty ones do not count, and each is there once.
    public List<String> queryList(String name) {
        return query.getOrDefault(name, List.of()).stream()
                .flatMap(values -> Stream.of(values.split(",", -1)))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    /// As {@link #queryList(String)}, of constants of `type` in lower case.
    ///
    /// @throws ApiException 422 that lists the names there are
    public <E extends Enum<E>> List<E> queryList(String name, Class<E> type) {
        return queryList(name).stream()
                .map(text -> JsonBody.constant("`" + name + "` parameter", text, type))
                .distinct()
                .toList();
    }

    /// A query parameter that names a constant of `type`, in lower case.
    ///
    /// @throws ApiException 422 that lists the names there are
    public <E extends Enum<E>> Optional<E> query(String name, Class<E> type) {
        return query(name).map(text -> JsonBody.constant("`" + name + "` parameter", text, type));
    }

    /// A query parameter that is `true` or `false`.
    ///
    /// @throws ApiException 422
    public Optional<Boolean> queryBoolean(String name) {
        return query(name)
                .map(text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default ->
                                    throw ApiException.validation(
                                            "Invalid `"
                                                    + name
                                                    + "` parameter. It must be true or false.");
                        });
    }

    /// A query parameter that is a UUID in full form.
    ///
    /// @throws ApiException 422 `invalid_parameter`
    public Optional<UUID> queryUuid(String name) {
        return query(name)
                .map(text -> Uuids.parse(text).orElseThrow(() -> ApiException.invalidId(name)));
    }

    /// Whether what is wrong in a batch shall not keep the rest from being done: the header
    /// `x-batch-validation`.
    ///
    /// @throws ApiException 422 when it is neither `strict` nor `permissive`
    public boolean isPermissiveBatch() {
        String mode = header.apply("x-batch-validation").orElse("strict");
        if (!mode.equals("strict") && !mode.equals("permissive")) {
            throw ApiException.validation(
                    "The `x-batch-validation` header must be `strict` or `permissive`.");
        }
        return mode.equals("permissive");
    }

    /// A query parameter that is a point in time: a date (its midnight, UTC) or a date and time of
    /// ISO 8601.
    ///
    /// @throws ApiException 422
    public Optional<Instant> queryTime(String name) {
        return queryTime(name, ZoneOffset.UTC);
    }

    /// As {@link #queryTime(String)}, with the zone of a date and of a time that names none.
    public Optional<Instant> queryTime(String name, ZoneId zone) {
        return query(name).map(text -> IsoTime.parse("`" + name + "` parameter", text, zone));
    }

    /// The body of an upload, in a file that is gone once the handler returns.
    public Path upload() {
        return Objects.requireNonNull(file, "this route takes no upload");
    }

    /// The body of an upload as a form with one file.
    ///
    /// @param name of the part that is the file
    /// @param taker gets its content
    /// @throws ApiException 422 when it is no such form, or lacks the file
    public Form form(String name, Form.Taker taker) {
        return Form.read(upload(), header.apply("content-type").orElse(""), name, taker);
    }

    /// All values of each field of a form that a browser sent, in order; none when the body is no
    /// such form.
    ///
    /// @throws ApiException when it is malformed
    public Map<String, List<String>> fields() {
        return Form.fields(rawBody, header.apply("content-type").orElse(""));
    }

    /// The body as a JSON object, also that of an upload; an absent body is an empty object.
    ///
    /// @throws ApiException when it is no JSON, or no object
    public JsonBody body() {
        try {
            return JsonBody.object(file == null ? rawBody : Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The `limit`, `after` and `before` of a list; 20 rows unless `limit` says otherwise.
    public Page page() {
        return page(Page.DEFAULT_LIMIT);
    }

    /// @param limit when the call has none
    public Page page(int limit) {
        return Page.of(this, limit, Uuids::parse);
    }

    /// The page of a list whose ids are not plain UUIDs.
    ///
    /// @param cursors reads such an id; a plain UUID is taken, too
    public Page page(Function<String, Optional<UUID>> cursors) {
        return Page.of(
                this, Page.DEFAULT_LIMIT, text -> cursors.apply(text).or(() -> Uuids.parse(text)));
    }
}
