package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dkim.Algorithm;
import ai.mailgoat.server.dkim.DkimKeys;
import ai.mailgoat.server.domain.DkimAlgorithm;
import ai.mailgoat.server.domain.DkimKeyMaker;
import ai.mailgoat.server.domain.DomainVerifier;
import ai.mailgoat.server.domain.Domains;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.StubDns;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import ai.mailgoat.server.template.TemplateRoutes;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Acceptance of mail on a real database, with the reserved domain to send from. Nothing is
/// delivered.
final class SendingFixture implements AutoCloseable {
    final TwoTeams teams;
    final Suppressions suppressions;
    final Events events;
    final Choices topics = new Choices();
    private final GuardedHttp outbound;
    private final DomainVerifier verifier;

    /// One topic of one team, and who does not want it.
    static final class Choices implements TopicChoices {
        TeamId team;
        UUID topic;
        final Set<String> optedOut = new HashSet<>();

        @Override
        public boolean exists(Tx tx, TeamId team, UUID topic) {
            return team.equals(this.team) && topic.equals(this.topic);
        }

        @Override
        public Set<String> optedOut(
                Tx tx, TeamId team, UUID topic, Collection<String> foldedAddresses) {
            var those = new HashSet<>(foldedAddresses);
            those.retainAll(optedOut);
            return those;
        }
    }

    SendingFixture(Path directory) {
        teams = new TwoTeams(directory);
        var store = teams.store;
        var clock = teams.clock();
        Uuids ids = teams.ids;
        var key = MasterKey.loadOrCreate(directory.resolve("master.key"));
        var dns = new StubDns();
        outbound = GuardedHttp.open(dns, List.of());
        events = new Events(ids, new WebhookCalls(ids));
        suppressions = new Suppressions(store, events::record, clock, ids);
        var sending = new SendingDomains(store, key);
        verifier = new DomainVerifier(store, dns, events::record, sending, clock);
        new Domains(
                        store,
                        key,
                        SendingFixture::makeKey,
                        events::record,
                        (tx, id) -> {},
                        sending,
                        verifier,
                        clock,
                        ids,
                        "mx.goat.example")
                .ensureReserved();
        var blobs = new BlobStore(directory);
        var queue = new Queue(clock, Duration.ofDays(5));
        var templates = new Templates(store, clock, ids);
        var acceptance =
                new Acceptance(
                        store,
                        sending,
                        templates,
                        topics,
                        suppressions,
                        queue,
                        events,
                        blobs,
                        outbound,
                        ids,
                        clock,
                        new Acceptance.Limits(40 << 20, 50, 100));
        var emails = new Emails(store, blobs, queue, events, new Mailroom(sending, blobs), clock);
        new EmailRoutes(acceptance, emails, store, clock).register(teams.endpoints);
        new TemplateRoutes(templates).register(teams.endpoints);
    }

    Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body);
    }

    /// The mail as its team reads it.
    JsonNode email(String id) {
        return call("GET", "/emails/" + id, "").body();
    }

    /// The `data` of all events of a type about a mail.
    List<JsonNode> told(String id, String type) {
        var email = EmailId.parse(id).orElseThrow();
        return teams.store.read(tx -> {
            var all = new ArrayList<JsonNode>();
            for (var event : events.ofSubject(tx, email.value())) {
                if (event.type().equals(type)) {
                    all.add(Json.tree(event.data()));
                }
            }
            return all;
        });
    }

    /// State and address of every recipient.
    List<String> recipients(String id) {
        return teams.store.read(tx ->
                tx.query(
                        "SELECT state, address, detail FROM recipient WHERE email_id = ? ORDER BY ordinal",
                        row ->
                                row.string("state")
                                        + " "
                                        + row.string("address")
                                        + (row.stringOrNull("detail") == null
                                                ? ""
                                                : " " + row.string("detail")),
                        UUID.fromString(id)));
    }

    int count(String table) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    @Override
    public void close() {
        verifier.close();
        outbound.close();
        teams.close();
    }

    private static DkimKeyMaker.KeyPair makeKey(DkimAlgorithm algorithm) {
        var made =
                DkimKeys.generate(
                        algorithm == DkimAlgorithm.RSA_SHA256
                                ? Algorithm.RSA_SHA256
                                : Algorithm.ED25519_SHA256);
        String record = made.recordValue();
        return new DkimKeyMaker.KeyPair(
                made.privateKey(),
                Base64.getDecoder().decode(record.substring(record.indexOf("p=") + 2)));
    }
}
