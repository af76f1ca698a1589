package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;

/// Places for deliveries that run at once, at one site or over all. A fifth of them, one at least,
/// is kept for transactional mail; a single place is nobody's own. Guarded by the dispatcher's
/// lock.
final class Slots {
    private static final int KEPT_PART = 5;

    private int limit;
    private int taken;
    private int broadcasts;

    Slots(int limit) {
        this.limit = limit;
    }

    boolean isFree(Lane lane) {
        return taken < limit && (lane == Lane.TRANSACTIONAL || broadcasts < limit - kept());
    }

    void take(Lane lane) {
        taken++;
        broadcasts += lane == Lane.BROADCAST ? 1 : 0;
    }

    void give(Lane lane) {
        taken--;
        broadcasts -= lane == Lane.BROADCAST ? 1 : 0;
    }

    int taken() {
        return taken;
    }

    int broadcasts() {
        return broadcasts;
    }

    int limit() {
        return limit;
    }

    /// Below what is taken it only keeps new deliveries from starting.
    void limit(int limit) {
        this.limit = limit;
    }

    private int kept() {
        return limit == 1 ? 0 : Math.max(1, limit / KEPT_PART);
    }
}
