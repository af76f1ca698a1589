package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.broadcast.Broadcast.Counts;
import ai.mailgoat.server.broadcast.RunStore.Decision;
import ai.mailgoat.server.broadcast.RunStore.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// How each of some recipients ended, and how many ended in which way.
final class Decisions {
    private final List<Decision> all = new ArrayList<>();
    private long sent;
    private long failed;
    private long suppressed;
    private long skipped;

    void sent(Waiting recipient, UUID email) {
        all.add(new Decision(recipient.ordinal(), "sent", null, email));
        sent++;
    }

    void failed(Waiting recipient, String reason) {
        all.add(new Decision(recipient.ordinal(), "failed", reason, null));
        failed++;
    }

    void suppressed(Waiting recipient) {
        all.add(
                new Decision(
                        recipient.ordinal(),
                        "suppressed",
                        "The address is on the suppression list.",
                        null));
        suppressed++;
    }

    void skipped(Waiting recipient, String reason) {
        all.add(new Decision(recipient.ordinal(), "skipped", reason, null));
        skipped++;
    }

    List<Decision> all() {
        return all;
    }

    Counts counts() {
        return new Counts(all.size(), sent, failed, suppressed, skipped);
    }
}
