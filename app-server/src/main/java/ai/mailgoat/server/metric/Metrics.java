package ai.mailgoat.server.metric;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.metric.MetricQuery.Dimension;
import ai.mailgoat.server.metric.MetricQuery.Period;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers how many mails were sent, delivered, bounced... in a time, from counts that are made as
/// events come in. Edges of the time count as the quarter of an hour they fall into.
public final class Metrics {
    /// For the first count of an old installation, in the background.
    private static final Duration LONG = Duration.ofHours(1);

    /// For a request; what is older is counted by then.
    private static final Duration SHORT = Duration.ofSeconds(2);

    /// Periods in one read.
    private static final int PERIODS = 100;

    private static final int MAX_ROWS = 10_000;

    private final Store store;
    private final MetricStore rows = new MetricStore();
    private final EventCounter counter;
    private final BiFunction<TeamId, UUID, Optional<String>> domainName;
    private final BiFunction<TeamId, String, Optional<UUID>> domainId;
    private final BiFunction<TeamId, UUID, Optional<String>> broadcastName;

    /// @param domainName of a team's domain
    /// @param domainId of a team's domain
    /// @param broadcastName of a team's broadcast
    public Metrics(
            Store store,
            BiFunction<TeamId, UUID, Optional<String>> domainName,
            BiFunction<TeamId, String, Optional<UUID>> domainId,
            BiFunction<TeamId, UUID, Optional<String>> broadcastName) {
        this.store = store;
        this.counter = new EventCounter(store, rows);
        this.domainName = domainName;
        this.domainId = domainId;
        this.broadcastName = broadcastName;
    }

    /// Counts what has happened since; called now and then.
    public void catchUp() {
        counter.catchUp(LONG);
    }

    /// What one row of the answer is about.
    ///
    /// @param period its number, 0 when periods are not told apart
    private record Cell(
            int period, @Nullable String domain, @Nullable UUID email, @Nullable UUID broadcast) {}

    /// @throws ApiException 422 when the answer would have too many rows
    Map<String, Object> answer(TeamId team, MetricQuery query) {
        counter.catchUp(SHORT);
        var periods = query.periods();
        var cells = cells(team, query, periods);
        var body = new LinkedHashMap<String, Object>();
        body.put("object", "metrics");
        body.put("start_date", ApiTime.iso(query.start()));
        body.put("end_date", ApiTime.iso(query.end()));
        body.put("metrics", query.metrics().stream().map(Metric::apiName).toList());
        body.put("dimensions", query.dimensions().stream().map(Dimension::apiName).toList());
        body.put("granularity", query.granularity().apiName());
        var total = new EnumMap<Metric, Long>(Metric.class);
        // Mail of no broadcast has no row, and counts all the same.
        var whole = query.has(Dimension.BROADCAST) ? cells(team, query.whole(), periods) : cells;
        whole.values().forEach(counts -> counts.forEach((m, n) -> total.merge(m, n, Long::sum)));
        body.put("totals", numbers(query, total));
        if (!query.dimensions().isEmpty()) {
            body.put("data", data(team, query, periods, cells));
        }
        return body;
    }

    private Map<Cell, Map<Metric, Long>> cells(
            TeamId team, MetricQuery query, List<Period> periods) {
        var cells = new HashMap<Cell, Map<Metric, Long>>();
        var wanted = wanted(team, query);
        if (query.isOfEmails()) {
            query.emails().forEach(email -> addEmail(cells, team, query, periods, wanted, email));
        } else {
            for (int i = 0; i < periods.size(); i += PERIODS) {
                addPeriods(cells, team, query, periods, wanted, i);
                checkSize(cells);
            }
        }
        checkSize(cells);
        return cells;
    }

    private Predicate<String> wanted(TeamId team, MetricQuery query) {
        if (query.domains().isEmpty()) {
            return domain -> true;
        }
        var names = new HashSet<String>();
        query.domains().forEach(id -> domainName.apply(team, id).ifPresent(names::add));
        return names::contains;
    }

    private static void checkSize(Map<Cell, Map<Metric, Long>> cells) {
        if (cells.size() > MAX_ROWS) {
            throw ApiException.validation(
                    "The answer would have more than 10,000 rows. Choose a larger `granularity` or fewer days.");
        }
    }

    private void addPeriods(
            Map<Cell, Map<Metric, Long>> cells,
            TeamId team,
            MetricQuery query,
            List<Period> periods,
            Predicate<String> wanted,
            int first) {
        int end = Math.min(periods.size(), first + PERIODS);
        store.read(tx -> {
            for (int i = first; i < end; i++) {
                var period = periods.get(i);
                var from = EventCounter.quarter(period.from());
                var sums =
                        query.isOfBroadcasts()
                                ? rows.broadcastSums(tx, team, from, period.to())
                                : rows.sums(tx, team, from, period.to());
                for (var sum : sums) {
                    if (wanted.test(sum.domain()) && isWanted(query, sum.broadcast())) {
                        var cell = cell(query, i, sum.domain(), null, sum.broadcast());
                        add(cells, cell, sum.metric(), sum.amount());
                    }
                }
            }
            return null;
        });
    }

    private void addEmail(
            Map<Cell, Map<Metric, Long>> cells,
            TeamId team,
            MetricQuery query,
            List<Period> periods,
            Predicate<String> wanted,
            UUID email) {
        var tally = new MailTally();
        for (var row : store.read(tx -> rows.ofEmail(tx, team, email))) {
            for (var delta : tally.take(row)) {
                int period = period(periods, delta.at());
                if (period >= 0 && wanted.test(delta.domain())) {
                    var cell = cell(query, period, delta.domain(), email, null);
                    add(cells, cell, delta.metric(), delta.amount());
                }
            }
        }
    }

    private static boolean isWanted(MetricQuery query, @Nullable UUID broadcast) {
        return query.broadcasts().isEmpty() || query.broadcasts().contains(broadcast);
    }

    private static int period(List<Period> periods, Instant at) {
        int low = 0;
        int high = periods.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var period = periods.get(middle);
            if (at.isBefore(EventCounter.quarter(period.from()))) {
                high = middle - 1;
            } else if (at.isBefore(period.to())) {
                return middle;
            } else {
                low = middle + 1;
            }
        }
        return -1;
    }

    private static Cell cell(
            MetricQuery query,
            int period,
            String domain,
            @Nullable UUID email,
            @Nullable UUID broadcast) {
        return new Cell(
                period,
                query.has(Dimension.DOMAIN) ? domain : null,
                query.has(Dimension.EMAIL) ? email : null,
                query.has(Dimension.BROADCAST) ? broadcast : null);
    }

    private static void add(
            Map<Cell, Map<Metric, Long>> cells, Cell cell, Metric metric, long amount) {
        cells.computeIfAbsent(cell, _ -> new EnumMap<>(Metric.class))
                .merge(metric, amount, Long::sum);
    }

    private List<Map<String, Object>> data(
            TeamId team,
            MetricQuery query,
            List<Period> periods,
            Map<Cell, Map<Metric, Long>> cells) {
        // A chart over time wants its empty periods, too.
        if (query.dimensions().equals(List.of(Dimension.PERIOD))) {
            for (int i = 0; i < periods.size(); i++) {
                cells.putIfAbsent(new Cell(i, null, null, null), Map.of());
            }
        }
        var ids = new HashMap<String, Optional<UUID>>();
        var names = new HashMap<UUID, Optional<String>>();
        var data = new ArrayList<Map<String, Object>>(cells.size());
        for (var entry : sorted(cells)) {
            var cell = entry.getKey();
            var row = new LinkedHashMap<String, Object>();
            if (query.has(Dimension.PERIOD)) {
                row.put("period", periods.get(cell.period()).label());
            }
            String domain = cell.domain();
            if (domain != null) {
                var id = ids.computeIfAbsent(domain, name -> domainId.apply(team, name));
                row.put("domain_id", id.orElse(null));
                row.put("domain_name", domain);
            }
            if (cell.email() != null) {
                row.put("email_id", cell.email());
            }
            UUID broadcast = cell.broadcast();
            if (broadcast != null) {
                row.put("broadcast_id", broadcast);
                row.put(
                        "broadcast_name",
                        names.computeIfAbsent(broadcast, id -> broadcastName.apply(team, id))
                                .orElse(""));
            }
            row.putAll(numbers(query, entry.getValue()));
            data.add(row);
        }
        return data;
    }

    private static List<Map.Entry<Cell, Map<Metric, Long>>> sorted(
            Map<Cell, Map<Metric, Long>> cells) {
        return cells.entrySet().stream()
                .sorted(
                        Map.Entry.comparingByKey(
                                Comparator.comparingInt(Cell::period)
                                        .thenComparing(c -> String.valueOf(c.domain()))
                                        .thenComparing(c -> String.valueOf(c.email()))
                                        .thenComparing(c -> String.valueOf(c.broadcast()))))
                .toList();
    }

    private static Map<String, Object> numbers(MetricQuery query, Map<Metric, Long> counts) {
        var numbers = new LinkedHashMap<String, Object>();
        query.metrics().forEach(metric -> numbers.put(metric.apiName(), metric.of(counts)));
        return numbers;
    }
}
