package ai.mailgoat.server.share;

import ai.mailgoat.server.http.ApiException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// How long a link holds: `10m`, `2 hours`, `1 day`.
final class ShareDuration {
    static final Duration MAX = Duration.ofDays(2);

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{1,6}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)");

    private ShareDuration() {}

    /// @throws ApiException 422 unless it is such a duration, of a second to two days
    static Duration parse(String text) {
        var matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw invalid();
        }
        long amount = Long.parseLong(matcher.group(1));
        var duration =
                switch (matcher.group(2).charAt(0)) {
                    case 's' -> Duration.ofSeconds(amount);
                    case 'm' -> Duration.ofMinutes(amount);
                    case 'h' -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        if (duration.isZero() || duration.compareTo(MAX) > 0) {
            throw invalid();
        }
        return duration;
    }

    private static ApiException invalid() {
        return ApiException.validation(
                "Invalid `expires_in` field. It must be a duration such as `10m`, `2 hours` or `1 day`, and at most 48 hours.");
    }
}
