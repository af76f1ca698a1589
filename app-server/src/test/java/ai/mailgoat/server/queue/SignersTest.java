package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SignersTest {
    @Test
    void transactionalMailPassesTheBroadcastsThatWait() throws Exception {
        var order = new CopyOnWriteArrayList<String>();
        var open = new CountDownLatch(1);
        try (var signers = new Signers(1)) {
            var callers = new ArrayList<Thread>();
            callers.add(sign(signers, Lane.BROADCAST, () -> await(open)));
            for (int i = 0; i < 50; i++) {
                String name = "b" + i;
                callers.add(sign(signers, Lane.BROADCAST, () -> order.add(name)));
            }
            for (int i = 0; i < 3; i++) {
                String name = "t" + i;
                callers.add(sign(signers, Lane.TRANSACTIONAL, () -> order.add(name)));
            }
            open.countDown();
            for (var caller : callers) {
                caller.join(Duration.ofSeconds(30));
            }
        }
        assertEquals(List.of("t0", "t1", "t2", "b0", "b1"), order.subList(0, 5));
        assertEquals("b49", order.getLast());
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        try (var signers = new Signers(1)) {
            var failure =
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    signers.sign(
                                            Lane.BROADCAST,
                                            () -> {
                                                throw new IllegalArgumentException("no key");
                                            }));
            assertEquals("no key", failure.getMessage());
        }
    }

    /// Returns once the caller waits, so that the callers have an order.
    private static Thread sign(Signers signers, Lane lane, Runnable work) {
        var caller =
                Thread.ofPlatform()
                        .start(() ->
                                signers.sign(
                                        lane,
                                        () -> {
                                            work.run();
                                            return true;
                                        }));
        while (caller.getState() != Thread.State.WAITING && caller.isAlive()) {
            Thread.onSpinWait();
        }
        return caller;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
