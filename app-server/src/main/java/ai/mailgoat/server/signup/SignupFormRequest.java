package ai.mailgoat.server.signup;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.signup.SignupForm.Field;
import ai.mailgoat.server.signup.SignupForm.Options;
import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is asked of a form, field by field. In a change, what is not there stays, and `null` takes
/// a text away.
final class SignupFormRequest {
    private static final int MAX_NAME = 200;
    private static final int MAX_LINE = 200;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_URL = 2_000;
    private static final int MAX_TOPICS = 20;

    /// More people than sign up anywhere in an hour.
    private static final int MAX_PER_HOUR = 100_000;

    private static final int PER_HOUR = 500;

    private final JsonBody body;

    SignupFormRequest(JsonBody body) {
        this.body = body;
    }

    /// @throws ApiException 422 that names the field
    String name() {
        return line("name", MAX_NAME)
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> ApiException.missingField("name"));
    }

    UUID segment() {
        return body.uuid("segment_id").orElseThrow(() -> ApiException.missingField("segment_id"));
    }

    /// All of a new form.
    Options options() {
        body.requiredString("from");
        return changed(
                new Options(
                        "", List.of(), List.of(), null, null, null, null, null, null, null,
                        PER_HOUR));
    }

    /// An old form with what shall change.
    SignupForm changed(SignupForm old) {
        return new SignupForm(
                old.id(),
                old.team(),
                body.node("segment_id").isPresent() ? segment() : old.segment(),
                body.node("name").isPresent() ? name() : old.name(),
                changed(old.options()),
                old.createdAt(),
                old.updatedAt());
    }

    private Options changed(Options old) {
        return new Options(
                body.node("from").isPresent() ? from() : old.from(),
                body.has("topic_ids") ? topics() : old.topics(),
                body.has("fields") ? fields() : old.fields(),
                body.has("title") ? optional("title", MAX_LINE) : old.title(),
                body.has("intro") ? text("intro") : old.intro(),
                body.has("button") ? optional("button", MAX_LINE) : old.button(),
                body.has("consent_text") ? text("consent_text") : old.consentText(),
                body.has("confirm_subject")
                        ? optional("confirm_subject", MAX_LINE)
                        : old.confirmSubject(),
                body.has("confirm_text") ? text("confirm_text") : old.confirmText(),
                body.has("redirect_url") ? url() : old.redirectUrl(),
                body.has("max_per_hour") ? perHour() : old.maxPerHour());
    }

    private String from() {
        try {
            return NamedMailbox.parse(body.requiredString("from")).toString();
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `from` field. The email address needs to follow the `email@example.com` or `Name"
                            + " <email@example.com>` format.");
        }
    }

    private List<UUID> topics() {
        var texts = body.strings("topic_ids");
        if (texts.size() > MAX_TOPICS) {
            throw ApiException.validation(
                    "The `topic_ids` field must have at most " + MAX_TOPICS + " entries.");
        }
        var ids = new ArrayList<UUID>();
        for (String text : texts) {
            var id =
                    ai.mailgoat.common.id.Uuids.parse(text)
                            .orElseThrow(() -> ApiException.invalidId("topic_ids"));
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }

    private List<Field> fields() {
        return body.strings("fields").stream().map(SignupFormRequest::field).distinct().toList();
    }

    private static Field field(String text) {
        return Arrays.stream(Field.values())
                .filter(field -> field.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ApiException.validation(
                                "Invalid `fields` field. It may have: first_name, last_name."));
    }

    private @Nullable String optional(String field, int max) {
        return line(field, max).filter(text -> !text.isBlank()).orElse(null);
    }

    private Optional<String> line(String field, int max) {
        return body.text(field, max)
                .map(text -> {
                    if (!HeaderText.isSafe(text)) {
                        throw ApiException.validation(
                                "Invalid `"
                                        + field
                                        + "` field. Line breaks and control characters are not"
                                        + " allowed.");
                    }
                    return text.strip();
                });
    }

    private @Nullable String text(String field) {
        return body.text(field, MAX_TEXT)
                .map(text -> {
                    if (!text.lines()
                            .allMatch(line -> HeaderText.isSafe(line.replace('\t', ' ')))) {
                        throw ApiException.validation(
                                "Invalid `"
                                        + field
                                        + "` field. Control characters are not allowed.");
                    }
                    return text.strip();
                })
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }

    private @Nullable String url() {
        var text = body.text("redirect_url", MAX_URL).filter(url -> !url.isEmpty());
        text.ifPresent(url -> {
            if (!isWebUrl(url)) {
                throw ApiException.validation(
                        "Invalid `redirect_url` field. It must be a URL such as"
                                + " https://example.com/welcome.");
            }
        });
        return text.orElse(null);
    }

    // In ASCII throughout, for it goes into a header field.
    private static boolean isWebUrl(String text) {
        try {
            var url = new URI(text);
            String scheme = String.valueOf(url.getScheme());
            return (scheme.equals("https") || scheme.equals("http"))
                    && url.getHost() != null
                    && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private int perHour() {
        var node = body.node("max_per_hour");
        if (node.isEmpty()) {
            return PER_HOUR;
        }
        var value = node.get();
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > MAX_PER_HOUR) {
            throw ApiException.validation(
                    "The `max_per_hour` field must be a number between 1 and "
                            + MAX_PER_HOUR
                            + ".");
        }
        return value.intValue();
    }
}
