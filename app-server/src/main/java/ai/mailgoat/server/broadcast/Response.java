package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How recipients took a mail, as it is asked for.
///
/// @param bounceType in lower case; only for those that bounced, `null` for all of them
record Response(Type type, @Nullable String bounceType) {

    enum Type {
        SENT,
        DELIVERED,
        OPENED,
        CLICKED,
        BOUNCED,
        COMPLAINED,
        UNSUBSCRIBED,
        SUPPRESSED
    }

    enum BounceType {
        PERMANENT,
        TRANSIENT,
        UNDETERMINED;

        /// As it is stored and shown.
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @param text as a bounce's event has it
        static BounceType of(String text) {
            return switch (text) {
                case "Permanent" -> PERMANENT;
                case "Transient" -> TRANSIENT;
                default -> UNDETERMINED;
            };
        }
    }

    /// @throws ApiException 422
    static Response read(Call call) {
        var type =
                call.query("type", Type.class)
                        .orElseThrow(() ->
                                new ApiException(
                                        422,
                                        "missing_required_parameter",
                                        "Missing `type` parameter."));
        var bounceType = call.query("bounce_type", BounceType.class);
        if (bounceType.isPresent() && type != Type.BOUNCED) {
            throw ApiException.validation(
                    "The `bounce_type` parameter can only be used when `type` is `bounced`.");
        }
        return new Response(type, bounceType.map(BounceType::text).orElse(null));
    }
}
