package ai.mailgoat.server.bench;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;

/// Fills the database of a service that is not running with what months of use leave behind:
/// delivered mail, and contacts with properties and segments.
public final class Filling {
    private static final int ROWS_A_COMMIT = 5_000;
    private static final int SEGMENTS = 10;
    private static final int SAMPLES = 2_000;
    private static final Duration SPAN = Duration.ofDays(60);

    /// A paragraph, a table row, a signature: about what a receipt has.
    private static final String SENTENCE =
            "Thank you for your order. It leaves us tomorrow, and we will write again when it does. ";

    private final Store store;
    private final String domain;
    private final FillStore rows = new FillStore();
    private final SplittableRandom random = new SplittableRandom(7);
    private final Uuids ids;
    private final UUID company;
    private final UUID age;
    private Instant now = Instant.now().minus(SPAN);

    /// What was put in; of e-mails and contacts a sample, spread evenly from the oldest to the
    /// newest.
    ///
    /// @param everyone the segment that all contacts are in
    /// @param few a segment with a tenth of them
    public record Filled(
            List<UUID> emails,
            List<UUID> contacts,
            List<String> addresses,
            UUID everyone,
            UUID few) {}

    private Filling(Store store, String domain) {
        this.store = store;
        this.domain = domain;
        this.ids = new Uuids(() -> now, random);
        this.company = ids.next();
        this.age = ids.next();
    }

    /// Puts `count` e-mails and `count` contacts into the first team of a database that was set up,
    /// and closes it again.
    ///
    /// @param domain the team's sending domain
    /// @param progress told how many objects are in, now and then
    public static Filled fill(Path dataDir, String domain, int count, IntConsumer progress) {
        var database = Database.open(dataDir);
        database.migrate(dataDir);
        try (var store = Store.open(database, 1)) {
            return new Filling(store, domain).fill(count, progress);
        }
    }

    private Filled fill(int count, IntConsumer progress) {
        UUID team = store.read(rows::team);
        var segments = new ArrayList<UUID>();
        UUID everyone = ids.next();
        store.write(tx -> {
            rows.insertProperty(tx, team, company, "company", "STRING", now);
            rows.insertProperty(tx, team, age, "age", "NUMBER", now);
            rows.insertSegment(tx, team, everyone, "Everyone", now);
            segments.clear();
            for (int i = 0; i < SEGMENTS; i++) {
                segments.add(ids.next());
                rows.insertSegment(tx, team, segments.getLast(), "Part " + i, now);
            }
            return true;
        });
        var emails = new ArrayList<UUID>();
        var contacts = new ArrayList<UUID>();
        var addresses = new ArrayList<String>();
        int every = Math.max(1, count / SAMPLES);
        var step = SPAN.dividedBy(count + 1L);
        for (int done = 0; done < count; done += ROWS_A_COMMIT) {
            var mails = new ArrayList<FillStore.Mail>();
            var people = new ArrayList<FillStore.Contact>();
            for (int i = done; i < Math.min(count, done + ROWS_A_COMMIT); i++) {
                now = now.plus(step);
                mails.add(mail(i));
                people.add(contact(i, List.of(everyone, segments.get(i % SEGMENTS))));
                if (i % every == 0) {
                    emails.add(mails.getLast().id());
                    contacts.add(people.getLast().id());
                    addresses.add(people.getLast().address());
                }
            }
            store.write(tx -> {
                rows.insertMails(tx, team, mails);
                rows.insertContacts(tx, team, people);
                return true;
            });
            progress.accept(done + mails.size());
        }
        return new Filled(emails, contacts, addresses, everyone, segments.getFirst());
    }

    private FillStore.Mail mail(int number) {
        UUID id = ids.next();
        String from = "Shop <orders@" + domain + ">";
        String to = address(random.nextInt(number + 1));
        String subject = "Your order " + number;
        String text = SENTENCE.repeat(4 + random.nextInt(6));
        var content = new LinkedHashMap<String, Object>();
        content.put("from", from);
        content.put("to", List.of(to));
        content.put("cc", List.of());
        content.put("bcc", List.of());
        content.put("reply_to", List.of());
        content.put("subject", subject);
        content.put(
                "html", "<html><body><h1>" + subject + "</h1><p>" + text + "</p></body></html>");
        content.put("text", text);
        content.put("headers", Map.of());
        content.put("tags", List.of(Map.of("name", "kind", "value", "order")));
        content.put("attachments", List.of());
        var data =
                Map.of(
                        "email_id",
                        id,
                        "from",
                        from,
                        "to",
                        List.of(to),
                        "subject",
                        subject,
                        "created_at",
                        now.toString(),
                        "message_id",
                        "<" + id + "@" + domain + ">");
        return new FillStore.Mail(
                id,
                from,
                domain,
                to,
                subject,
                text(
                        Map.of(
                                "to",
                                List.of(to),
                                "cc",
                                List.of(),
                                "bcc",
                                List.of(),
                                "reply_to",
                                List.of())),
                Json.bytes(content),
                Json.bytes(data),
                now,
                List.of(ids.next(), ids.next(), ids.next()));
    }

    private FillStore.Contact contact(int number, List<UUID> segments) {
        return new FillStore.Contact(
                ids.next(),
                address(number),
                "First" + number % 1_000,
                "Last" + number % 5_000,
                number % 50 == 0,
                text(Map.of(company, "Company " + number % 300, age, 18 + number % 60)),
                now,
                segments);
    }

    private static String address(int number) {
        return "person" + number + "@d" + number % 100 + ".test";
    }

    private static String text(Object document) {
        return new String(Json.bytes(document), StandardCharsets.UTF_8);
    }
}
