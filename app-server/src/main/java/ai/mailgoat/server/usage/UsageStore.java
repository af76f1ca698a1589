package ai.mailgoat.server.usage;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.time.LocalDate;

/// The table `usage_day`, and how much there is in the tables of others.
final class UsageStore {

    /// @param sent recipients
    /// @param received mails
    record Amount(long sent, long received) {
        static final Amount NONE = new Amount(0, 0);

        long total() {
            return sent + received;
        }
    }

    record Holdings(long contacts, long segments, long broadcasts, long domains) {}

    void add(Tx tx, TeamId team, LocalDate day, Amount amount) {
        int touched =
                tx.update(
                        """
                        UPDATE usage_day SET sent = sent + ?, received = received + ?
                        WHERE team_id = ? AND on_day = ?\
                        """,
                        amount.sent(),
                        amount.received(),
                        team.value(),
                        day);
        if (touched == 0) {
            tx.update(
                    "INSERT INTO usage_day (team_id, on_day, sent, received) VALUES (?, ?, ?, ?)",
                    team.value(),
                    day,
                    amount.sent(),
                    amount.received());
        }
    }

    /// The sum from `first` to `last`, both included.
    Amount between(Tx tx, TeamId team, LocalDate first, LocalDate last) {
        return tx.first(
                        """
                        SELECT SUM(sent) AS sent, SUM(received) AS received FROM usage_day
                        WHERE team_id = ? AND on_day >= ? AND on_day <= ?\
                        """,
                        row -> new Amount(row.number("sent"), row.number("received")),
                        team.value(),
                        first,
                        last)
                .orElse(Amount.NONE);
    }

    Holdings holdings(Tx tx, TeamId team) {
        return new Holdings(
                count(tx, team, "contact"),
                count(tx, team, "segment"),
                count(tx, team, "broadcast"),
                count(tx, team, "domain"));
    }

    private static long count(Tx tx, TeamId team, String table) {
        return tx.first(
                        "SELECT COUNT(*) AS n FROM " + table + " WHERE team_id = ?",
                        row -> row.number("n"),
                        team.value())
                .orElse(0L);
    }
}
