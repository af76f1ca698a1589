package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Carried.Verdict;
import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A dispatcher whose actions are only wished for, and a clock that a test moves.
final class DispatcherFixture {
    static final Duration QUICK = Duration.ofMillis(20);

    Instant now = Instant.parse("2026-11-21T00:00:00Z");
    final Wanted wanted = new Wanted();
    Dispatcher dispatcher;
    private int made;

    DispatcherFixture() {
        limits(1_000, 20, 0, 0);
    }

    /// Lets all deliveries end at once and the clock go on, with a tick each second.
    Map<String, Integer> run(Duration time) {
        var sent = new HashMap<String, Integer>();
        for (int second = 0; second < time.toSeconds(); second++) {
            while (!wanted.work.isEmpty()) {
                var work = wanted.work.removeFirst();
                sent.merge(work.domain(), work.entries.size(), Integer::sum);
                settle(work, Verdict.REACHED);
            }
            wanted.refills.clear();
            now = now.plusSeconds(1);
            dispatcher.tick();
        }
        return sent;
    }

    /// Lets the time pass in which broadcasts begin gently.
    void warm() {
        now = now.plusSeconds(30);
        dispatcher.tick();
    }

    void settle(Work work, Verdict verdict) {
        settle(work, verdict, QUICK);
    }

    void settle(Work work, Verdict verdict, Duration time) {
        dispatcher.settled(
                work.site, work.entries, new Carried(verdict, work.entries.size()), time);
    }

    Destination route(String domain) {
        return route(domain, "mx." + domain);
    }

    Destination route(String domain, String host) {
        var destination =
                wanted.routes.stream()
                        .filter(d -> d.domain.equals(domain))
                        .findFirst()
                        .orElseThrow();
        wanted.routes.remove(destination);
        dispatcher.routed(destination, new Route.Site(host, List.of(new Route.Host(10, host, 25))));
        return destination;
    }

    /// Begins anew with other limits.
    void limits(int connections, int perSite, int pace, int pacePerSite) {
        dispatcher =
                new Dispatcher(
                        () -> now,
                        wanted,
                        new DispatchLimits(connections, perSite, pace, pacePerSite));
    }

    List<Entry> entries(String domain, int count) {
        return entries(domain, count, Lane.TRANSACTIONAL);
    }

    List<Entry> broadcasts(String domain, int count) {
        return entries(domain, count, Lane.BROADCAST);
    }

    List<Entry> entries(String domain, int count, Lane lane) {
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(domain, new EmailId(new UUID(8, ++made)), 0, lane));
        }
        return entries;
    }

    Entry entry(String domain, EmailId email, int ordinal) {
        return entry(domain, email, ordinal, Lane.TRANSACTIONAL);
    }

    Entry entry(String domain, EmailId email, int ordinal, Lane lane) {
        var expires = now.plus(Duration.ofDays(5));
        var id = new UUID(7, ++made);
        return new Entry(id, email, ordinal, lane, domain, "a@" + domain, now, expires, 0);
    }

    record Work(SiteQueue site, List<Entry> entries) {
        Lane lane() {
            return entries.getFirst().lane();
        }

        String domain() {
            return entries.getFirst().domain();
        }
    }

    record Wish(Destination destination, Lane lane) {}

    static final class Wanted implements Dispatcher.Actions {
        final Deque<Work> work = new ArrayDeque<>();
        final Deque<Destination> routes = new ArrayDeque<>();
        final Deque<Wish> refills = new ArrayDeque<>();

        @Override
        public void work(SiteQueue site, List<Entry> entries) {
            work.add(new Work(site, entries));
        }

        @Override
        public void route(Destination destination) {
            routes.add(destination);
        }

        @Override
        public void refill(Destination destination, Lane lane) {
            refills.add(new Wish(destination, lane));
        }
    }
}
