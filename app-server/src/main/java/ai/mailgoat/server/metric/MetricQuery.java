package ai.mailgoat.server.metric;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// What is asked for.
///
/// @param start included
/// @param end not included, and not later than now
/// @param domains empty for all
/// @param emails empty for all
/// @param broadcasts empty for all
record MetricQuery(
        Instant start,
        Instant end,
        ZoneId zone,
        Granularity granularity,
        List<Metric> metrics,
        List<Dimension> dimensions,
        List<UUID> domains,
        List<UUID> emails,
        List<UUID> broadcasts) {

    private static final int MAX_PERIODS = 10_000;
    private static final int MAX_IDS = 100;
    private static final int STANDARD_DAYS = 6;
    private static final int DATE_LENGTH = "2026-07-01".length();

    enum Dimension {
        PERIOD,
        DOMAIN,
        EMAIL,
        BROADCAST;

        /// As it stands in the API.
        String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One period, or the part of it inside of the range.
    ///
    /// @param from included
    /// @param to not included
    record Period(String label, Instant from, Instant to) {}

    /// @throws ApiException 422 for a parameter that is not of its form, or does not fit the others
    static MetricQuery read(Call call, Instant now) {
        var zone = call.query("timezone").map(MetricQuery::zone).orElse(ZoneId.of("UTC"));
        var end = end(call, zone).filter(time -> time.isBefore(now)).orElse(now);
        var start =
                call.queryTime("start_date", zone)
                        .orElseGet(() -> end.atZone(zone).minusDays(STANDARD_DAYS).toInstant());
        if (start.isAfter(end) || start.equals(end) && endsWithADay(call)) {
            throw ApiException.validation(
                    "The `start_date` must be on or before `end_date`, and not in the future.");
        }
        var asked = call.queryList("metrics", Metric.class);
        var query =
                new MetricQuery(
                        start,
                        end,
                        zone,
                        call.query("granularity", Granularity.class).orElse(Granularity.DAILY),
                        asked.isEmpty() ? List.of(Metric.values()) : asked,
                        call.queryList("dimensions", Dimension.class),
                        ids(call, "domain_id"),
                        ids(call, "email_id"),
                        ids(call, "broadcast_id"));
        query.check();
        return query;
    }

    boolean has(Dimension dimension) {
        return dimensions.contains(dimension);
    }

    /// Whether mails are told apart, or only some of them asked for.
    boolean isOfEmails() {
        return has(Dimension.EMAIL) || !emails.isEmpty();
    }

    /// The same in one row.
    MetricQuery whole() {
        return new MetricQuery(
                start, end, zone, granularity, metrics, List.of(), domains, emails, broadcasts);
    }

    /// Whether only mail of broadcasts counts, all of it or that of some.
    boolean isOfBroadcasts() {
        return has(Dimension.BROADCAST) || !broadcasts.isEmpty();
    }

    /// The range in periods, or as one when they are not asked for; oldest first.
    List<Period> periods() {
        if (!has(Dimension.PERIOD)) {
            return List.of(new Period("", start, end));
        }
        var periods = new ArrayList<Period>();
        var begin = granularity.begin(start, zone);
        while (begin.toInstant().isBefore(end) || periods.isEmpty()) {
            var next = granularity.next(begin);
            periods.add(
                    new Period(
                            granularity.label(begin),
                            later(begin.toInstant(), start),
                            next.toInstant().isBefore(end) ? next.toInstant() : end));
            begin = next;
        }
        return periods;
    }

    private void check() {
        if (isOfEmails() && isOfBroadcasts()) {
            throw ApiException.validation(
                    "The `email` dimension and `email_id` cannot be combined with the `broadcast` dimension or `broadcast_id`.");
        }
        if (has(Dimension.EMAIL) && emails.isEmpty()) {
            throw new ApiException(
                    422,
                    "missing_required_parameter",
                    "The `email` dimension needs `email_id`: name the emails to compare.");
        }
        if (hasTooManyPeriods()) {
            throw ApiException.validation(
                    "The date range has more than 10,000 periods at this `granularity`.");
        }
    }

    private boolean hasTooManyPeriods() {
        ZonedDateTime begin = granularity.begin(start, zone);
        for (int i = 0; i < MAX_PERIODS; i++) {
            begin = granularity.next(begin);
            if (!begin.toInstant().isBefore(end)) {
                return false;
            }
        }
        return true;
    }

    // A day that is named as the end belongs to the range.
    private static Optional<Instant> end(Call call, ZoneId zone) {
        var time = call.queryTime("end_date", zone);
        return endsWithADay(call)
                ? time.map(t ->
                        LocalDate.ofInstant(t, zone).plusDays(1).atStartOfDay(zone).toInstant())
                : time;
    }

    private static boolean endsWithADay(Call call) {
        return call.query("end_date").filter(text -> text.length() == DATE_LENGTH).isPresent();
    }

    private static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw ApiException.validation(
                    "Invalid `timezone` parameter. It must be an IANA time zone such as `America/New_York`.");
        }
        return ZoneId.of(name);
    }

    private static List<UUID> ids(Call call, String name) {
        var texts = call.queryList(name);
        if (texts.size() > MAX_IDS) {
            throw ApiException.validation("The `" + name + "` parameter can name at most 100 ids.");
        }
        return texts.stream()
                .map(text -> Uuids.parse(text).orElseThrow(() -> ApiException.invalidId(name)))
                .toList();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
