package ai.mailgoat.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Rows that belong to something deleted, where there may be a million of them. The first thousand
/// go in the transaction of the deletion. If there are more, the table `leftover` keeps a note of
/// it, written in that same transaction, and {@link #sweep} deletes them a thousand at a time: no
/// transaction is long, and a crash at any point forgets nothing.
///
/// Until they are gone they do no harm as long as every read joins the rows with their owner.
public final class Leftovers {
    private static final int AT_ONCE = 1_000;

    private final Store store;

    public Leftovers(Store store) {
        this.store = store;
    }

    /// Which rows of which owner.
    public enum Kind {
        CONTACTS_OF_SEGMENT("segment_contact", "segment_id", "contact_id"),
        SEGMENTS_OF_CONTACT("segment_contact", "contact_id", "segment_id"),
        CONTACTS_OF_TOPIC("contact_topic", "topic_id", "contact_id"),
        TOPICS_OF_CONTACT("contact_topic", "contact_id", "topic_id");

        private final String table;
        private final String owner;
        private final String other;

        Kind(String table, String owner, String other) {
            this.table = table;
            this.owner = owner;
            this.other = other;
        }
    }

    /// Deletes the rows of `owner`, which the caller deletes in the same transaction.
    public void delete(Tx tx, Kind kind, UUID owner) {
        if (deleteSome(tx, kind, owner) == AT_ONCE) {
            tx.update("INSERT INTO leftover (kind, owner_id) VALUES (?, ?)", kind, owner);
        }
    }

    /// Deletes what is left of earlier deletions, in many small transactions; called now and then.
    public void sweep() {
        boolean more = true;
        while (more) {
            more = store.write(this::sweepSome);
        }
    }

    private boolean sweepSome(Tx tx) {
        var next = next(tx);
        next.ifPresent(note -> {
            if (deleteSome(tx, note.kind(), note.owner()) < AT_ONCE) {
                tx.update(
                        "DELETE FROM leftover WHERE kind = ? AND owner_id = ?",
                        note.kind(),
                        note.owner());
            }
        });
        return next.isPresent();
    }

    private static int deleteSome(Tx tx, Kind kind, UUID owner) {
        List<UUID> others =
                tx.query(
                        "SELECT %s AS other FROM %s WHERE %s = ? FETCH FIRST %d ROWS ONLY"
                                .formatted(kind.other, kind.table, kind.owner, AT_ONCE),
                        row -> row.uuid("other"),
                        owner);
        var rows = new ArrayList<@Nullable Object[]>(others.size());
        others.forEach(other -> rows.add(new Object[] {owner, other}));
        tx.batch(
                "DELETE FROM %s WHERE %s = ? AND %s = ?"
                        .formatted(kind.table, kind.owner, kind.other),
                rows);
        return others.size();
    }

    private static Optional<Note> next(Tx tx) {
        return tx.first(
                "SELECT kind, owner_id FROM leftover FETCH FIRST 1 ROWS ONLY",
                row -> new Note(Kind.valueOf(row.string("kind")), row.uuid("owner_id")));
    }

    private record Note(Kind kind, UUID owner) {}
}
