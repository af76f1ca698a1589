package ai.mailgoat.server.metric;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/// The length of periods. They begin where a clock on the wall says so: a day has 23 to 25 hours.
enum Granularity {
    HOURLY {
        @Override
        ZonedDateTime begin(ZonedDateTime time) {
            return time.truncatedTo(ChronoUnit.HOURS);
        }

        // An hour of the wall may be cut short, or come twice.
        @Override
        ZonedDateTime next(ZonedDateTime begin) {
            var later = begin.plusHours(1);
            var whole = begin(later);
            return whole.isAfter(begin) ? whole : later;
        }

        @Override
        String label(ZonedDateTime begin) {
            return LOCAL_HOUR.format(begin);
        }
    },
    DAILY {
        @Override
        ZonedDateTime begin(ZonedDateTime time) {
            return time.toLocalDate().atStartOfDay(time.getZone());
        }

        @Override
        ZonedDateTime next(ZonedDateTime begin) {
            return begin.toLocalDate().plusDays(1).atStartOfDay(begin.getZone());
        }
    },
    WEEKLY {
        @Override
        ZonedDateTime begin(ZonedDateTime time) {
            return time.toLocalDate()
                    .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                    .atStartOfDay(time.getZone());
        }

        @Override
        ZonedDateTime next(ZonedDateTime begin) {
            return begin.toLocalDate().plusWeeks(1).atStartOfDay(begin.getZone());
        }
    },
    MONTHLY {
        @Override
        ZonedDateTime begin(ZonedDateTime time) {
            return time.toLocalDate().withDayOfMonth(1).atStartOfDay(time.getZone());
        }

        @Override
        ZonedDateTime next(ZonedDateTime begin) {
            return begin.toLocalDate().plusMonths(1).atStartOfDay(begin.getZone());
        }
    };

    private static final DateTimeFormatter LOCAL_HOUR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    /// Where the period of a time begins.
    abstract ZonedDateTime begin(ZonedDateTime time);

    /// Where the next period begins.
    abstract ZonedDateTime next(ZonedDateTime begin);

    /// A period's name: its first day, or its hour with the offset from UTC.
    String label(ZonedDateTime begin) {
        return begin.toLocalDate().toString();
    }

    /// As it stands in the API.
    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    ZonedDateTime begin(Instant time, ZoneId zone) {
        return begin(time.atZone(zone));
    }
}
