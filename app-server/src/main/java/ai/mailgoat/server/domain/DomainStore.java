package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.domain.DomainRecord.DnsType;
import ai.mailgoat.server.domain.DomainRecord.Kind;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables `domain`, `domain_record` and `dkim_key`. Every look-up for a caller is bound to a
/// team; those without one are for the sending path and the verifier.
final class DomainStore {
    private static final String SELECT =
            """
            SELECT id, team_id, name, region, status, return_path_label, tls, open_tracking,
                click_tracking, tracking_subdomain, sending, receiving, created_at, checking_since,
                next_check_at
            FROM domain\
            """;

    void insert(Tx tx, Domain domain, List<DkimKey> keys, List<DomainRecord> records) {
        var settings = domain.settings();
        tx.update(
                """
                INSERT INTO domain
                    (id, team_id, name, region, status, return_path_label, tls, open_tracking,
                     click_tracking, tracking_subdomain, sending, receiving, created_at,
                     checking_since, next_check_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                domain.id().value(),
                domain.team() == null ? null : domain.team().value(),
                domain.name().ascii(),
                domain.region(),
                domain.status(),
                domain.returnPathLabel(),
                settings.tls(),
                settings.openTracking(),
                settings.clickTracking(),
                settings.trackingSubdomain(),
                settings.sending(),
                settings.receiving(),
                domain.createdAt(),
                domain.checkingSince(),
                domain.nextCheckAt());
        var keyRows = new ArrayList<@Nullable Object[]>();
        for (var key : keys) {
            keyRows.add(
                    new @Nullable Object[] {
                        key.id(),
                        domain.id().value(),
                        key.selector(),
                        key.algorithm(),
                        key.recordValue(),
                        key.sealedKey(),
                        key.createdAt()
                    });
        }
        tx.batch(
                """
                INSERT INTO dkim_key
                    (id, domain_id, selector, algorithm, record_value, sealed_key, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)\
                """,
                keyRows);
        insertRecords(tx, domain.id(), records);
    }

    Optional<Domain> byId(Tx tx, TeamId team, DomainId id) {
        return tx.first(
                SELECT + " WHERE id = ? AND team_id = ?",
                DomainStore::domain,
                id.value(),
                team.value());
    }

    Optional<Domain> byId(Tx tx, DomainId id) {
        return tx.first(SELECT + " WHERE id = ?", DomainStore::domain, id.value());
    }

    Optional<Domain> byName(Tx tx, MailDomain name) {
        return tx.first(SELECT + " WHERE name = ?", DomainStore::domain, name.ascii());
    }

    /// Up to one more than the page holds.
    List<Domain> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + " WHERE team_id = ?" + page.sql("team_id", "id"),
                DomainStore::domain,
                page.parameters(team.value()));
    }

    /// The domains whose next check is due, longest waiting first.
    List<DomainId> due(Tx tx, Instant now, int limit) {
        return tx.query(
                "SELECT id FROM domain WHERE next_check_at <= ? ORDER BY next_check_at FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                row -> new DomainId(row.uuid("id")),
                now);
    }

    /// When the first check after `now` is due.
    Optional<Instant> nextDue(Tx tx, Instant now) {
        return tx.first(
                """
                SELECT next_check_at FROM domain WHERE next_check_at > ?
                ORDER BY next_check_at FETCH FIRST 1 ROWS ONLY\
                """,
                row -> row.instant("next_check_at"),
                now);
    }

    void update(Tx tx, Domain domain) {
        var settings = domain.settings();
        tx.update(
                """
                UPDATE domain SET status = ?, tls = ?, open_tracking = ?, click_tracking = ?,
                    tracking_subdomain = ?, sending = ?, receiving = ?, checking_since = ?,
                    next_check_at = ?
                WHERE id = ?\
                """,
                domain.status(),
                settings.tls(),
                settings.openTracking(),
                settings.clickTracking(),
                settings.trackingSubdomain(),
                settings.sending(),
                settings.receiving(),
                domain.checkingSince(),
                domain.nextCheckAt(),
                domain.id().value());
    }

    void delete(Tx tx, DomainId id) {
        tx.update("DELETE FROM domain WHERE id = ?", id.value());
    }

    List<DomainRecord> records(Tx tx, DomainId id) {
        return tx.query(
                """
                SELECT record, type, name, fqdn, content, priority, status, found, checked_at
                FROM domain_record WHERE domain_id = ? ORDER BY ordinal\
                """,
                DomainStore::record,
                id.value());
    }

    /// Puts `records` in the place of all that were there.
    void replaceRecords(Tx tx, DomainId id, List<DomainRecord> records) {
        tx.update("DELETE FROM domain_record WHERE domain_id = ?", id.value());
        insertRecords(tx, id, records);
    }

    /// The keys, RSA first.
    List<DkimKey> keys(Tx tx, DomainId id) {
        return tx.query(
                """
                SELECT id, selector, algorithm, record_value, sealed_key, created_at
                FROM dkim_key WHERE domain_id = ? ORDER BY id\
                """,
                row ->
                        new DkimKey(
                                row.uuid("id"),
                                row.string("selector"),
                                DkimAlgorithm.valueOf(row.string("algorithm")),
                                row.string("record_value"),
                                row.bytes("sealed_key"),
                                row.instant("created_at")),
                id.value());
    }

    private static void insertRecords(Tx tx, DomainId id, List<DomainRecord> records) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < records.size(); i++) {
            var record = records.get(i);
            rows.add(
                    new @Nullable Object[] {
                        id.value(),
                        i,
                        record.kind(),
                        record.type(),
                        record.name(),
                        record.fqdn(),
                        record.value(),
                        record.priority(),
                        true,
                        record.status(),
                        record.found(),
                        record.checkedAt()
                    });
        }
        tx.batch(
                """
                INSERT INTO domain_record
                    (domain_id, ordinal, record, type, name, fqdn, content, priority, required,
                     status, found, checked_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                rows);
    }

    private static Domain domain(Tx.Row row) throws SQLException {
        var team = row.uuidOrNull("team_id");
        return new Domain(
                new DomainId(row.uuid("id")),
                team == null ? null : new TeamId(team),
                MailDomain.parse(row.string("name")),
                row.string("region"),
                DomainStatus.valueOf(row.string("status")),
                row.string("return_path_label"),
                new Domain.Settings(
                        TlsPolicy.valueOf(row.string("tls")),
                        row.bool("open_tracking"),
                        row.bool("click_tracking"),
                        row.stringOrNull("tracking_subdomain"),
                        row.bool("sending"),
                        row.bool("receiving")),
                row.instant("created_at"),
                row.instantOrNull("checking_since"),
                row.instantOrNull("next_check_at"));
    }

    private static DomainRecord record(Tx.Row row) throws SQLException {
        var type = DnsType.valueOf(row.string("type"));
        return new DomainRecord(
                Kind.valueOf(row.string("record")),
                type,
                row.string("name"),
                row.string("fqdn"),
                row.string("content"),
                type == DnsType.MX ? row.integer("priority") : null,
                RecordStatus.valueOf(row.string("status")),
                row.stringOrNull("found"),
                row.instantOrNull("checked_at"));
    }
}
