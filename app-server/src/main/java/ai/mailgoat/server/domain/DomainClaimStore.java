package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.domain.DomainClaim.Status;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// The table `domain_claim`.
final class DomainClaimStore {
    private static final String SELECT =
            """
            SELECT id, team_id, name, domain_id, options, token, status, failure_reason, created_at,
                expires_at
            FROM domain_claim WHERE team_id = ?\
            """;

    void insert(Tx tx, DomainClaim claim) {
        tx.update(
                """
                INSERT INTO domain_claim
                    (id, team_id, name, domain_id, options, token, status, failure_reason,
                    created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                claim.id(),
                claim.team().value(),
                claim.name().ascii(),
                claim.domainId().value(),
                claim.options(),
                claim.token(),
                claim.status(),
                claim.failureReason(),
                claim.createdAt(),
                claim.expiresAt());
    }

    /// The latest claim for the domain that it will make.
    Optional<DomainClaim> latest(Tx tx, TeamId team, DomainId domain) {
        return tx.first(
                SELECT + " AND domain_id = ? ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
                DomainClaimStore::claim,
                team.value(),
                domain.value());
    }

    Optional<DomainClaim> pending(Tx tx, TeamId team, MailDomain name) {
        return tx.first(
                SELECT
                        + " AND name = ? AND status = 'PENDING'"
                        + " ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
                DomainClaimStore::claim,
                team.value(),
                name.ascii());
    }

    void update(Tx tx, DomainClaim claim) {
        tx.update(
                "UPDATE domain_claim SET status = ?, failure_reason = ? WHERE id = ?",
                claim.status(),
                claim.failureReason(),
                claim.id());
    }

    /// Ends all claims for a name that are still open, of whatever team.
    void supersede(Tx tx, MailDomain name) {
        tx.update(
                "UPDATE domain_claim SET status = ? WHERE name = ? AND status = 'PENDING'",
                Status.SUPERSEDED,
                name.ascii());
    }

    private static DomainClaim claim(Tx.Row row) throws SQLException {
        return new DomainClaim(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                new MailDomain(row.string("name")),
                new DomainId(row.uuid("domain_id")),
                row.string("options"),
                row.string("token"),
                Status.valueOf(row.string("status")),
                row.stringOrNull("failure_reason"),
                row.instant("created_at"),
                row.instant("expires_at"));
    }
}
