package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.download.DownloadRoutes;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.StubDns;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.share.ShareRoutes;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.template.TemplateRoutes;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.tracking.Engagements;
import ai.mailgoat.server.tracking.Revision;
import ai.mailgoat.server.tracking.Tracking;
import ai.mailgoat.server.tracking.TrackingLinks;
import ai.mailgoat.server.tracking.TrackingRoutes;
import ai.mailgoat.server.usage.Quotas;
import ai.mailgoat.server.usage.Usage;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Mail accepted and read back on a fresh database. Both teams send from the reserved domain
/// `mailgoat.test`; nothing is delivered.
final class EmailFixture implements AutoCloseable {
    final TwoTeams teams;
    final BlobStore blobs;
    final Events events;
    final Suppressions suppressions;
    final Choices topics = new Choices();
    final Emails emails;
    final Revision revision;
    private final GuardedHttp outbound = GuardedHttp.open(new StubDns(), List.of());

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

    EmailFixture(Path dataDir) {
        teams = new TwoTeams(dataDir);
        blobs = new BlobStore(dataDir);
        reserve();
        var clock = teams.clock();
        var key = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        events = new Events(teams.ids, new WebhookCalls(teams.ids));
        var sending = new SendingDomains(teams.store, key);
        var queue = new Queue(clock, Duration.ofDays(5));
        var usage = new Usage(teams.store, new Quotas(0, 0), clock);
        suppressions = new Suppressions(teams.store, events::record, clock, teams.ids);
        var templates = new Templates(teams.store, clock, teams.ids);
        var acceptance =
                new Acceptance(
                        teams.store,
                        sending,
                        templates,
                        topics,
                        suppressions,
                        queue,
                        usage,
                        events,
                        blobs,
                        outbound,
                        teams.ids,
                        clock,
                        new Acceptance.Limits(40L * 1024 * 1024, 50, 100));
        var downloads = new Downloads(key, clock, Links.PUBLIC_URL);
        var links = new TrackingLinks(key, clock, Links.PUBLIC_URL);
        emails =
                new Emails(
                        teams.store,
                        blobs,
                        queue,
                        events,
                        new Mailroom(sending, blobs, new Tracking(links)),
                        downloads,
                        clock);
        new EmailRoutes(acceptance, emails, usage, teams.store, clock).register(teams.endpoints);
        var engagements = new Engagements(teams.store, new EngagedMails(blobs), events, teams.ids);
        revision = new Revision(engagements, clock);
        new TrackingRoutes(links, pages(), engagements, sending::isTrackingHost, clock)
                .register(teams.endpoints);
        new TemplateRoutes(templates).register(teams.endpoints);
        new DownloadRoutes(downloads, blobs).register(teams.endpoints);
        new ShareRoutes(
                        List.of(emails),
                        downloads,
                        new InlineImages(blobs),
                        new Pages(
                                new Brands(teams.store, blobs, team -> Optional.of("Acme"), clock),
                                Links.PUBLIC_URL),
                        key,
                        clock,
                        Links.PUBLIC_URL)
                .register(teams.endpoints);
    }

    /// A mail that can be sent, with other fields in the place of its own.
    static Map<String, Object> mail(Map<String, Object> fields) {
        var mail = new HashMap<String, Object>();
        mail.put("from", "Acme <acme@mailgoat.test>");
        mail.put("to", "ann@x.example");
        mail.put("subject", "Hello");
        mail.put("text", "Hi");
        mail.putAll(fields);
        return mail;
    }

    /// @return the id
    String send(TeamId team, Map<String, Object> fields) {
        var reply = teams.call(team, "POST", "/emails", json(mail(fields)));
        if (reply.status() != 200) {
            throw new AssertionError(reply.body());
        }
        return reply.text("id");
    }

    String send(Map<String, Object> fields) {
        return send(teams.acme, fields);
    }

    TwoTeams.Reply get(String path) {
        return teams.call(teams.acme, "GET", path, "");
    }

    TwoTeams.Reply call(String method, String path, String body) {
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

    static String json(Object value) {
        return Json.mapper().writeValueAsString(value);
    }

    @Override
    public void close() {
        outbound.close();
        teams.close();
    }

    private Pages pages() {
        var brands = new Brands(teams.store, blobs, team -> Optional.empty(), teams.clock());
        return new Pages(brands, Links.PUBLIC_URL);
    }

    /// Switches tracking on, before the first mail: with `links` as the name for links, which leads
    /// here or does not yet.
    void track(boolean opens, boolean clicks, boolean leadsHere) {
        teams.store.write(tx -> {
            tx.update(
                    """
                    INSERT INTO domain_record (domain_id, ordinal, record, type, name, fqdn, content, required, status)
                    SELECT id, 0, 'TRACKING', 'CNAME', 'x', 'x', 'x', TRUE, ? FROM domain\
                    """,
                    leadsHere ? "VERIFIED" : "PENDING");
            return tx.update(
                    "UPDATE domain SET open_tracking = ?, click_tracking = ?, tracking_subdomain = 'links'",
                    opens,
                    clicks);
        });
    }

    /// The message on the wire.
    byte[] raw(String id) {
        return emails.raw(teams.acme, EmailId.parse(id).orElseThrow());
    }

    private void reserve() {
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO domain (id, team_id, name, region, status, return_path_label, tls, open_tracking,
                            click_tracking, sending, receiving, created_at)
                        VALUES (?, NULL, 'mailgoat.test', 'us-east-1', 'VERIFIED', 'send', 'OPPORTUNISTIC', FALSE,
                            FALSE, TRUE, FALSE, ?)\
                        """,
                        teams.ids.next(),
                        TwoTeams.START));
    }
}
