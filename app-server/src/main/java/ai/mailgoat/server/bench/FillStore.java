package ai.mailgoat.server.bench;

import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Rows as the features would have left them. The features write one object in one transaction,
/// which is right for them and would take hours here; so these statements are our own, and a test
/// reads all they wrote back through the API.
final class FillStore {
    private static final String EMAIL =
            """
            INSERT INTO email (id, team_id, message_id, sender, sender_domain, subject, recipients,
                created_at, scheduled_at, last_event)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 'delivered')\
            """;

    private static final String CONTENT =
            "INSERT INTO email_content (email_id, content, content_blob) VALUES (?, ?, NULL)";

    private static final String RECIPIENT =
            """
            INSERT INTO recipient (email_id, ordinal, field, address, state, detail)
            VALUES (?, 0, 'to', ?, 'delivered', NULL)\
            """;

    private static final String EVENT =
            """
            INSERT INTO event (id, team_id, subject_id, type, at, data)
            VALUES (?, ?, ?, ?, ?, ?)\
            """;

    private static final String ATTEMPT =
            """
            INSERT INTO attempt (email_id, ordinal, number, at, outcome, phase, mx_host, ip, tls,
                code, enhanced, reply, reason)
            VALUES (?, 0, 1, ?, 'delivered', 'dot', ?, '192.0.2.25', 'TLSv1.3', 250, '2.0.0',
                'ok', 'delivered')\
            """;

    private static final String CONTACT =
            """
            INSERT INTO contact (id, team_id, email, address, first_name, last_name, unsubscribed,
                properties, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """;

    /// @param events ids for `email.sent`, `email.delivered` and `email.opened`
    record Mail(
            UUID id,
            String from,
            String senderDomain,
            String to,
            String subject,
            String recipients,
            byte[] content,
            byte[] eventData,
            Instant at,
            List<UUID> events) {}

    /// @param segments that it is in
    record Contact(
            UUID id,
            String address,
            String firstName,
            String lastName,
            boolean unsubscribed,
            String properties,
            Instant at,
            List<UUID> segments) {}

    UUID team(Tx tx) {
        return tx.first("SELECT id FROM team ORDER BY id", row -> row.uuid("id")).orElseThrow();
    }

    void insertSegment(Tx tx, UUID team, UUID id, String name, Instant at) {
        tx.update(
                "INSERT INTO segment (id, team_id, name, created_at) VALUES (?, ?, ?, ?)",
                id,
                team,
                name,
                at);
    }

    void insertProperty(Tx tx, UUID team, UUID id, String key, String type, Instant at) {
        tx.update(
                """
                INSERT INTO contact_property (id, team_id, prop_key, type, fallback, created_at)
                VALUES (?, ?, ?, ?, NULL, ?)\
                """,
                id,
                team,
                key,
                type,
                at);
    }

    void insertMails(Tx tx, UUID team, List<Mail> mails) {
        var emails = new ArrayList<@Nullable Object[]>(mails.size());
        var contents = new ArrayList<@Nullable Object[]>(mails.size());
        var recipients = new ArrayList<@Nullable Object[]>(mails.size());
        var attempts = new ArrayList<@Nullable Object[]>(mails.size());
        var events = new ArrayList<@Nullable Object[]>(mails.size() * 3);
        var types = List.of("email.sent", "email.delivered", "email.opened");
        for (var mail : mails) {
            var at = mail.at();
            emails.add(
                    row(
                            mail.id(),
                            team,
                            "<" + mail.id() + "@" + mail.senderDomain() + ">",
                            mail.from(),
                            mail.senderDomain(),
                            mail.subject(),
                            mail.recipients(),
                            at));
            contents.add(row(mail.id(), mail.content()));
            recipients.add(row(mail.id(), mail.to()));
            String host = mail.to().substring(mail.to().indexOf('@') + 1);
            attempts.add(row(mail.id(), at.plusSeconds(1), "mx." + host));
            for (int i = 0; i < types.size(); i++) {
                events.add(
                        row(
                                mail.events().get(i),
                                team,
                                mail.id(),
                                types.get(i),
                                at.plusSeconds(i),
                                mail.eventData()));
            }
        }
        tx.batch(EMAIL, emails);
        tx.batch(CONTENT, contents);
        tx.batch(RECIPIENT, recipients);
        tx.batch(ATTEMPT, attempts);
        tx.batch(EVENT, events);
    }

    void insertContacts(Tx tx, UUID team, List<Contact> contacts) {
        var rows = new ArrayList<@Nullable Object[]>(contacts.size());
        var members = new ArrayList<@Nullable Object[]>(contacts.size() * 2);
        for (var contact : contacts) {
            rows.add(
                    row(
                            contact.id(),
                            team,
                            contact.address(),
                            contact.address(),
                            contact.firstName(),
                            contact.lastName(),
                            contact.unsubscribed(),
                            contact.properties(),
                            contact.at(),
                            contact.at()));
            for (UUID segment : contact.segments()) {
                members.add(row(segment, contact.id()));
            }
        }
        tx.batch(CONTACT, rows);
        tx.batch("INSERT INTO segment_contact (segment_id, contact_id) VALUES (?, ?)", members);
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }
}
