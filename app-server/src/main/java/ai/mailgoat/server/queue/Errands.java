package ai.mailgoat.server.queue;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.Predicate;

/// Look-ups that take a while, each asked for once, so many under way at a time; what cannot wait
/// goes past the others. Guarded by the dispatcher's lock.
final class Errands<T> {
    private final int most;
    private final Predicate<T> begin;
    private final SequencedSet<T> asked = new LinkedHashSet<>();
    private int underWay;

    /// @param begin sets an errand in motion; false if there is no need of it by now
    Errands(int most, Predicate<T> begin) {
        this.most = most;
        this.begin = begin;
    }

    /// Begins at once, however many are under way.
    void now(T errand) {
        asked.remove(errand);
        if (begin.test(errand)) {
            underWay++;
        }
    }

    /// Begins when its turn has come.
    void later(T errand) {
        asked.add(errand);
        next();
    }

    /// One that had begun has ended.
    void done() {
        underWay--;
        next();
    }

    private void next() {
        while (underWay < most && !asked.isEmpty()) {
            now(asked.getFirst());
        }
    }
}
