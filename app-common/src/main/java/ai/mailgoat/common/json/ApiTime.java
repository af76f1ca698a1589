package ai.mailgoat.common.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/// The two ways in which the API writes a time, both in UTC.
public final class ApiTime {
    private static final DateTimeFormatter POSTGRES =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
                    .appendLiteral("+00")
                    .toFormatter(java.util.Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", java.util.Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private ApiTime() {}

    /// As PostgreSQL prints a `timestamptz`, for the times of stored rows: `2023-04-07
    /// 23:13:52.669661+00`, microseconds at most, zeros at the end of the fraction left out.
    public static String postgres(Instant time) {
        return POSTGRES.format(time.truncatedTo(ChronoUnit.MICROS));
    }

    /// ISO 8601 with milliseconds, for webhooks and received mail: `2024-11-22T23:41:12.126Z`.
    public static String iso(Instant time) {
        return ISO.format(time);
    }
}
