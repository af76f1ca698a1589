package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tables `segment_contact` and `contact_topic`: where contacts are, and what they chose. Their
/// rows have no team; who comes here has found the contact, the segment or the topic in its team.
final class ChoiceStore {
    private static final int MAX_SEGMENTS = 1_000;

    /// @param contact its id
    /// @param other a segment's or a topic's id
    record Pair(UUID contact, UUID other) {}

    /// Puts contacts into segments; who is in already stays.
    ///
    /// @return those who were not in
    Set<UUID> join(Tx tx, Collection<Pair> pairs) {
        var inOrder = List.copyOf(pairs);
        var rows = new ArrayList<@Nullable Object[]>(inOrder.size());
        for (var pair : inOrder) {
            rows.add(new Object[] {pair.other(), pair.contact(), pair.other(), pair.contact()});
        }
        int[] counts =
                tx.batch(
                        """
                        INSERT INTO segment_contact (segment_id, contact_id) SELECT CAST(? AS UUID), CAST(? AS UUID)
                        WHERE NOT EXISTS (SELECT 1 FROM segment_contact WHERE segment_id = ? AND contact_id = ?)\
                        """,
                        rows);
        var fresh = new HashSet<UUID>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                fresh.add(inOrder.get(i).contact());
            }
        }
        return fresh;
    }

    /// @return whether it was in
    boolean leave(Tx tx, Pair pair) {
        return tx.update(
                        "DELETE FROM segment_contact WHERE segment_id = ? AND contact_id = ?",
                        pair.other(),
                        pair.contact())
                == 1;
    }

    boolean isIn(Tx tx, Pair pair) {
        return tx.first(
                        "SELECT contact_id FROM segment_contact WHERE segment_id = ? AND contact_id = ?",
                        row -> row.uuid("contact_id"),
                        pair.other(),
                        pair.contact())
                .isPresent();
    }

    /// The segments of a contact, oldest first; the first thousand.
    List<UUID> segments(Tx tx, TeamId team, UUID contact) {
        return tx.query(
                """
                SELECT sc.segment_id FROM segment_contact sc JOIN segment s ON s.id = sc.segment_id
                WHERE sc.contact_id = ? AND s.team_id = ?
                ORDER BY sc.contact_id, sc.segment_id FETCH FIRST %d ROWS ONLY\
                """
                        .formatted(MAX_SEGMENTS),
                row -> row.uuid("segment_id"),
                contact,
                team.value());
    }

    /// Writes down choices over earlier ones.
    void choose(Tx tx, Map<Pair, Boolean> choices) {
        var inOrder = List.copyOf(choices.entrySet());
        var rows = new ArrayList<@Nullable Object[]>(inOrder.size());
        for (var choice : inOrder) {
            rows.add(
                    new Object[] {
                        Subscription.of(choice.getValue()),
                        choice.getKey().contact(),
                        choice.getKey().other()
                    });
        }
        int[] counts =
                tx.batch(
                        "UPDATE contact_topic SET subscription = ? WHERE contact_id = ? AND topic_id = ?",
                        rows);
        var fresh = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                fresh.add(rows.get(i));
            }
        }
        tx.batch(
                "INSERT INTO contact_topic (subscription, contact_id, topic_id) VALUES (?, ?, ?)",
                fresh);
    }

    /// Which of `addresses` belong to contacts that chose `choice`.
    // The outer join keeps H2 from beginning with all who chose anything about the topic.
    Set<String> whoChose(
            Tx tx, TeamId team, UUID topic, Subscription choice, Collection<String> addresses) {
        return tx
                .queryIn(
                        """
                        SELECT c.address, ct.subscription FROM contact c
                        LEFT JOIN contact_topic ct ON ct.contact_id = c.id AND ct.topic_id = ?
                        WHERE (c.team_id, c.address) IN\
                        """,
                        row -> new Chosen(row.string("address"), row.stringOrNull("subscription")),
                        team.value(),
                        addresses,
                        topic)
                .stream()
                .filter(chosen -> choice.name().equals(chosen.subscription()))
                .map(Chosen::address)
                .collect(Collectors.toSet());
    }

    private record Chosen(String address, @Nullable String subscription) {}
}
