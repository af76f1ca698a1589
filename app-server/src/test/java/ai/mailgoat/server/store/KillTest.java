package ai.mailgoat.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Acknowledged means on disk: a killed process has lost nothing that it had acknowledged.
@Timeout(240)
class KillTest {
    private static final int ROUNDS = 5;
    private static final int ROWS = 300;

    @TempDir Path directory;

    @Test
    void aKilledProcessLosesNothingAcknowledged() throws Exception {
        Set<Long> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (var child = ChildStore.start(directory, Long.toString(round * 100_000_000L))) {
                // A different moment in each round.
                child.await(ROWS + 97 * round);
                child.kill();
                acknowledged.addAll(child.acknowledged());
            }
            Set<Long> found = new HashSet<>(rows());
            var lost = new HashSet<>(acknowledged);
            lost.removeAll(found);
            assertEquals(Set.of(), lost, "round " + round);
            assertTrue(found.size() >= acknowledged.size());
        }
    }

    private List<Long> rows() {
        try (var store = StoreTest.openStore(directory)) {
            return store.read(tx -> tx.query("SELECT id FROM thing", row -> row.number("id")));
        }
    }
}
