package ai.mailgoat.server.tracking;

import ai.mailgoat.common.id.Uuids;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks again at what came in lately, for what single requests do not show: one address that
/// follows links in the mails of many people within seconds, and what else a scanner has done that
/// gave itself away.
public final class Revision {
    private static final Logger LOG = LoggerFactory.getLogger(Revision.class);

    /// How far back it looks.
    private static final Duration LATELY = Duration.ofMinutes(10);

    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    /// Mails whose links nobody follows at once from one address.
    private static final int MANY_MAILS = 4;

    /// Mails with a burst that make a scanner of an address and its user agent; one burst alone may
    /// be somebody in a hurry.
    private static final int BURSTS = 2;

    private static final int PIECE = 2_000;

    /// In one look.
    private static final int MOST = 20_000;

    private final Engagements engagements;
    private final InstantSource clock;

    public Revision(Engagements engagements, InstantSource clock) {
        this.engagements = engagements;
        this.clock = clock;
    }

    /// Called every minute or so.
    public void sweep() {
        var lately = lately();
        var many = new HashSet<Engagement>();
        lately.stream()
                .filter(e -> e.kind() == Kind.CLICKED)
                .collect(Collectors.groupingBy(Engagement::ip))
                .values()
                .forEach(clicks -> many.addAll(manyAtOnce(clicks)));
        int revised =
                engagements.revise(human(many), Verdict.machine("many_mails"), clock.instant());
        var scanners = scanners(lately);
        var others = lately.stream().filter(e -> scanners.contains(source(e))).toList();
        revised +=
                engagements.revise(
                        human(others), Verdict.machine("known_scanner"), clock.instant());
        if (revised > 0) {
            LOG.info("{} opens and clicks were a machine's after all", revised);
        }
    }

    private List<Engagement> lately() {
        var lately = new ArrayList<Engagement>();
        UUID from = Uuids.first(clock.instant().minus(LATELY));
        while (lately.size() < MOST) {
            var piece = engagements.after(from, PIECE);
            lately.addAll(piece);
            if (piece.size() < PIECE) {
                break;
            }
            from = piece.getLast().id();
        }
        return lately;
    }

    /// @param clicks from one address, in the order of time
    private static List<Engagement> manyAtOnce(List<Engagement> clicks) {
        var many = new ArrayList<Engagement>();
        int first = 0;
        for (int last = 0; last < clicks.size(); last++) {
            var end = clicks.get(last).at();
            while (clicks.get(first).at().isBefore(end.minus(AT_ONCE))) {
                first++;
            }
            var window = clicks.subList(first, last + 1);
            if (window.size() >= MANY_MAILS
                    && window.stream().map(Engagement::email).distinct().limit(MANY_MAILS).count()
                            >= MANY_MAILS) {
                many.addAll(window);
                first = last;
            }
        }
        return many;
    }

    private static Set<Map.Entry<String, String>> scanners(List<Engagement> lately) {
        return lately.stream()
                .filter(e -> e.verdict().reason().equals("burst"))
                .collect(
                        Collectors.groupingBy(
                                Revision::source,
                                Collectors.mapping(Engagement::email, Collectors.toSet())))
                .entrySet()
                .stream()
                .filter(of -> of.getValue().size() >= BURSTS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Map.Entry<String, String> source(Engagement e) {
        return Map.entry(e.ip(), e.userAgent());
    }

    // What a mailbox provider's proxy fetched says nothing about who shares its address.
    private static List<Engagement> human(java.util.Collection<Engagement> all) {
        return all.stream().filter(e -> e.verdict().equals(Verdict.human("person"))).toList();
    }
}
