package ai.mailgoat.common.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Times as the API writes them. Two forms live beside each other.
public final class ApiTime {
    private static final DateTimeFormatter POSTGRES =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
                    .appendLiteral("+00")
                    .toFormatter(Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private ApiTime() {}

    /// Stored rows: `2023-04-07 23:13:52.669661+00`, up to six digits of fraction without trailing
    /// zeros.
    public static String postgres(Instant time) {
        return POSTGRES.format(time.truncatedTo(ChronoUnit.MICROS));
    }

    /// Webhook envelopes and the like: `2023-04-07T23:13:52.669Z`, always milliseconds.
    public static String iso(Instant time) {
        return ISO.format(time);
    }
}
