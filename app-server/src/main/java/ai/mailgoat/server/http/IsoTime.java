package ai.mailgoat.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Points in time as queries have them.
final class IsoTime {
    private IsoTime() {}

    /// @param zone of a date, and of a time that names none
    /// @throws ApiException 422 naming the parameter
    static Instant parse(String what, String text, ZoneId zone) {
        // A `+` in a query is a blank.
        String iso = text.replace(' ', '+');
        try {
            var time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            iso.length() == 10 ? iso + "T00:00:00" : iso,
                            OffsetDateTime::from,
                            LocalDateTime::from);
            var instant =
                    time instanceof OffsetDateTime offset
                            ? offset.toInstant()
                            : LocalDateTime.from(time).atZone(zone).toInstant();
            int year = LocalDate.ofInstant(instant, ZoneOffset.UTC).getYear();
            if (year >= 1970 && year <= 9999) {
                return instant;
            }
            throw invalid(what);
        } catch (DateTimeException e) {
            throw invalid(what);
        }
    }

    private static ApiException invalid(String what) {
        return ApiException.validation("The " + what + " must be a date or a time of ISO 8601.");
    }
}
