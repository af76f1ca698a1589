package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.server.bench.Load;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.stream.IntStream;

/// Fills a queue with mail for a destination that refuses every connection.
final class BenchBacklog {
    /// The dead destination, and its MX host's address: one of loopback where no sink listens.
    static final String DOMAIN = "dead.test";

    static final String ADDRESS = "127.0.0.9";

    /// As many as the API takes: recipients for a mail, mails for a batch.
    private static final int RECIPIENTS = 50;

    private static final int BATCH = 100;
    private static final int CONNECTIONS = 4;

    private BenchBacklog() {}

    /// Queues `entries` recipients and returns when all are accepted.
    ///
    /// @return entries a second
    static double fill(URI api, String key, String sender, int entries)
            throws IOException, InterruptedException {
        int whole = entries / (RECIPIENTS * BATCH);
        int rest = entries % (RECIPIENTS * BATCH);
        long begun = System.nanoTime();
        if (whole > 0) {
            post(api, key, batch(sender, RECIPIENTS * BATCH), whole);
        }
        if (rest > 0) {
            post(api, key, batch(sender, rest), 1);
        }
        return entries * 1e9 / (System.nanoTime() - begun);
    }

    static BacklogFigures figures(
            int entries,
            double queued,
            BenchFigures without,
            BenchFigures with,
            double emptyStartMillis,
            double startMillis) {
        double before = rate(without);
        double behind = rate(with);
        return new BacklogFigures(
                entries,
                queued,
                behind,
                behind / before,
                with.peakMegabytes(),
                emptyStartMillis,
                startMillis);
    }

    private static double rate(BenchFigures figures) {
        var rate = figures.deliveredPerSecond();
        return rate == null ? 0 : rate;
    }

    private static void post(URI api, String key, String body, int times)
            throws IOException, InterruptedException {
        var load = Load.posts(api, "/emails/batch", key, new String[] {body}, CONNECTIONS);
        BenchRun.check(load.run(times));
    }

    private static String batch(String sender, int entries) {
        var mails = new ArrayList<SendEmail>();
        for (int left = entries; left > 0; left -= RECIPIENTS) {
            var to =
                    IntStream.range(0, Math.min(left, RECIPIENTS))
                            .mapToObj(i -> "user" + i + "@" + DOMAIN)
                            .toList();
            mails.add(BenchRun.mail(sender, to, "late", null));
        }
        return BenchRun.text(mails);
    }
}
