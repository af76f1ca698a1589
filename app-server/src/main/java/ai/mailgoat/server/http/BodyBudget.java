package ai.mailgoat.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bounds the memory of all request bodies held at a time. A part of the heap, since what is parsed
/// out of a body takes several times its size.
final class BodyBudget {
    private static final int HEAP_PART = 8;

    private final long octets;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long octets) {
        this.octets = octets;
    }

    static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /// Takes a share. A body that is alone may have any size, or large ones could never pass.
    ///
    /// @return false when there is no room now
    boolean take(long share) {
        long before = held.getAndAdd(share);
        if (before > 0 && before + share > octets) {
            held.addAndGet(-share);
            return false;
        }
        return true;
    }

    void give(long share) {
        held.addAndGet(-share);
    }

    long held() {
        return held.get();
    }
}
