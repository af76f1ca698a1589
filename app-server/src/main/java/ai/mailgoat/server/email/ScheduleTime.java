package ai.mailgoat.server.email;

import ai.mailgoat.server.http.ApiException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `scheduled_at`: ISO 8601, or the English that the API documents: `in 1 min`, `in 3 days`,
/// `tomorrow at 9am`, `Friday at 3pm ET`, `next day at 9am PST`. Without a zone UTC is meant.
public final class ScheduleTime {
    private static final Duration FARTHEST = Duration.ofDays(30);

    /// A clock that is a little ahead of ours, or a request that took its time, is no mistake.
    private static final Duration TOLERATED_PAST = Duration.ofMinutes(5);

    private static final Pattern IN =
            Pattern.compile(
                    "in (\\d{1,5}|an?) (s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)");

    private static final Pattern DAY =
            Pattern.compile(
                    "(?:(today|tonight|tomorrow|next day)|(?:(next|this|on) )?(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)"
                            + "(?:,? (?:at )?(?<time>\\d{1,2}(?::\\d{2})? ?(?:am|pm)?|noon|midnight)(?: (?<zone>[a-z/_+:0-9-]{1,40}))?)?");

    private static final Pattern TIME = Pattern.compile("(\\d{1,2})(?::(\\d{2}))? ?(am|pm)?");

    /// What people in North America and Europe write; the daylight rules of the place apply to the
    /// generic names.
    private static final Map<String, String> ZONES =
            Map.ofEntries(
                    Map.entry("utc", "UTC"),
                    Map.entry("gmt", "UTC"),
                    Map.entry("z", "UTC"),
                    Map.entry("et", "America/New_York"),
                    Map.entry("est", "-05:00"),
                    Map.entry("edt", "-04:00"),
                    Map.entry("ct", "America/Chicago"),
                    Map.entry("cst", "-06:00"),
                    Map.entry("cdt", "-05:00"),
                    Map.entry("mt", "America/Denver"),
                    Map.entry("mst", "-07:00"),
                    Map.entry("mdt", "-06:00"),
                    Map.entry("pt", "America/Los_Angeles"),
                    Map.entry("pst", "-08:00"),
                    Map.entry("pdt", "-07:00"),
                    Map.entry("bst", "+01:00"),
                    Map.entry("cet", "+01:00"),
                    Map.entry("cest", "+02:00"));

    private ScheduleTime() {}

    /// @throws ApiException 422 when it is no time, in the past, or more than 30 days ahead
    public static Instant parse(String text, Instant now) {
        var time =
                iso(text.strip()).or(() -> english(text, now)).orElseThrow(ScheduleTime::notATime);
        if (time.isBefore(now.minus(TOLERATED_PAST))) {
            throw ApiException.validation("The `scheduled_at` field must be a time in the future.");
        }
        if (time.isAfter(now.plus(FARTHEST))) {
            throw ApiException.validation(
                    "The `scheduled_at` field must be at most 30 days ahead.");
        }
        return time.isBefore(now) ? now : time.truncatedTo(ChronoUnit.MICROS);
    }

    private static Optional<Instant> iso(String text) {
        String withT =
                text.length() > 10 && text.charAt(10) == ' '
                        ? text.substring(0, 10) + "T" + text.substring(11)
                        : text;
        if (withT.matches(".*T.*[+-]\\d{2}$")) {
            withT += ":00";
        }
        try {
            return Optional.of(
                    OffsetDateTime.parse(withT, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return isoLocal(withT);
        }
    }

    private static Optional<Instant> isoLocal(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return isoDate(text);
        }
    }

    private static Optional<Instant> isoDate(String text) {
        try {
            return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> english(String text, Instant now) {
        String folded = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        if (folded.equals("now")) {
            return Optional.of(now);
        }
        var in = IN.matcher(folded);
        if (in.matches()) {
            long amount = in.group(1).startsWith("a") ? 1 : Long.parseLong(in.group(1));
            return Optional.of(now.plus(unit(in.group(2)).multipliedBy(amount)));
        }
        var day = DAY.matcher(folded);
        return day.matches() ? Optional.of(day(day, now)) : Optional.empty();
    }

    private static Duration unit(String name) {
        return switch (name.charAt(0)) {
            case 's' -> Duration.ofSeconds(1);
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            case 'd' -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }

    private static Instant day(Matcher day, Instant now) {
        var zone = zone(day.group("zone"));
        var today = LocalDate.ofInstant(now, zone);
        var time = time(day.group("time"), day.group(1));
        if (day.group(1) != null) {
            boolean sameDay = day.group(1).startsWith("to") && !day.group(1).equals("tomorrow");
            return today.plusDays(sameDay ? 0 : 1).atTime(time).atZone(zone).toInstant();
        }
        int wanted = weekday(day.group(3)).getValue();
        int ahead = Math.floorMod(wanted - today.getDayOfWeek().getValue(), 7);
        var at = today.plusDays(ahead).atTime(time).atZone(zone);
        return (at.toInstant().isAfter(now) ? at : at.plusDays(7)).toInstant();
    }

    private static LocalTime time(
            @org.jspecify.annotations.Nullable String text,
            @org.jspecify.annotations.Nullable String day) {
        if (text == null) {
            return LocalTime.of("tonight".equals(day) ? 20 : 9, 0);
        }
        if (text.equals("noon") || text.equals("midnight")) {
            return text.equals("noon") ? LocalTime.NOON : LocalTime.MIDNIGHT;
        }
        var matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw notATime();
        }
        int hour = Integer.parseInt(matcher.group(1));
        int minute = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        String half = matcher.group(3);
        if (half != null && (hour < 1 || hour > 12) || hour > 23 || minute > 59) {
            throw notATime();
        }
        return LocalTime.of(half == null ? hour : hour % 12 + (half.equals("pm") ? 12 : 0), minute);
    }

    private static ZoneId zone(@org.jspecify.annotations.Nullable String name) {
        if (name == null) {
            return ZoneOffset.UTC;
        }
        String known = ZONES.get(name);
        if (known != null) {
            return ZoneId.of(known);
        }
        return ZoneId.getAvailableZoneIds().stream()
                .filter(id -> id.equalsIgnoreCase(name))
                .findFirst()
                .map(ZoneId::of)
                .orElseThrow(ScheduleTime::notATime);
    }

    private static DayOfWeek weekday(String name) {
        for (var day : DayOfWeek.values()) {
            if (day.name().toLowerCase(Locale.ROOT).startsWith(name.substring(0, 3))) {
                return day;
            }
        }
        throw notATime();
    }

    private static ApiException notATime() {
        return ApiException.validation(
                "Invalid `scheduled_at` field. Use an ISO 8601 time such as `2026-08-05T11:52:01.858Z`, or English such as"
                        + " `in 1 hour` or `tomorrow at 9am`.");
    }
}
