package ai.mailgoat.server.unsubscribe;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.util.Optional;
import java.util.UUID;

/// What the table `broadcast_recipient` says of the mail that a link stands in.
final class UnsubscribeStore {
    private static final String OF_TEAM =
            " WHERE email_id = ? AND broadcast_id IN (SELECT id FROM broadcast WHERE team_id = ?)";

    /// Whom the mail went to, folded.
    Optional<String> address(Tx tx, TeamId team, UUID email) {
        return tx.first(
                "SELECT address FROM broadcast_recipient" + OF_TEAM,
                row -> row.string("address"),
                email,
                team.value());
    }

    /// Notes that the mail's link was used, or that this was taken back.
    ///
    /// @return whether it was otherwise before
    boolean mark(Tx tx, TeamId team, UUID email, boolean unsubscribed) {
        return tx.update(
                        "UPDATE broadcast_recipient SET unsubscribed = ?"
                                + OF_TEAM
                                + " AND unsubscribed <> ?",
                        unsubscribed,
                        email,
                        team.value(),
                        unsubscribed)
                > 0;
    }
}
