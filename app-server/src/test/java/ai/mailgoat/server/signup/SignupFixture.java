package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.ChoiceRoutes;
import ai.mailgoat.server.contact.Choices;
import ai.mailgoat.server.contact.ContactRoutes;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.email.Acceptance;
import ai.mailgoat.server.email.EmailRoutes;
import ai.mailgoat.server.email.Emails;
import ai.mailgoat.server.email.Mailroom;
import ai.mailgoat.server.email.TopicChoices;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.event.StoredEvent;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.StubDns;
import ai.mailgoat.server.page.BrandRoutes;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.tracking.Tracking;
import ai.mailgoat.server.tracking.TrackingLinks;
import ai.mailgoat.server.usage.Quotas;
import ai.mailgoat.server.usage.Usage;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/// Two teams with forms, on a real database. Both send from the reserved domain `mailgoat.test`;
/// nothing is delivered.
final class SignupFixture implements AutoCloseable {
    /// The heading of what a form that was taken leads to.
    static final String LOOK = "Please look into your inbox";

    static final String PUBLIC_URL = "https://mail.example/goat";

    final TwoTeams teams;
    final Signups signups;
    private final Events events;
    private final GuardedHttp outbound = GuardedHttp.open(new StubDns(), List.of());

    SignupFixture(Path data, int dailyQuota) {
        teams = new TwoTeams(data);
        reserve();
        var store = teams.store;
        var clock = teams.clock();
        var ids = teams.ids;
        var key = MasterKey.loadOrCreate(data.resolve("master.key"));
        events = new Events(ids, new WebhookCalls(ids));
        var leftovers = new Leftovers(store);
        var properties = new Properties(store, clock, ids);
        var segments = new Segments(store, leftovers, clock, ids);
        var topics = new Topics(store, leftovers, events::record, clock, ids);
        var contacts =
                new Contacts(store, properties, segments, topics, leftovers, events, clock, ids);
        var choices = new Choices(store, contacts, segments, topics, events, clock);
        var sending = new SendingDomains(store, key);
        var blobs = new BlobStore(data);
        var queue = new Queue(clock, Duration.ofDays(5));
        var usage = new Usage(store, new Quotas(dailyQuota, 0), clock);
        var acceptance =
                new Acceptance(
                        store,
                        sending,
                        new Templates(store, clock, ids),
                        new NoTopics(),
                        new Suppressions(store, events::record, clock, ids),
                        queue,
                        usage,
                        events,
                        blobs,
                        outbound,
                        ids,
                        clock,
                        new Acceptance.Limits(40L * 1024 * 1024, 50, 100));
        var emails =
                new Emails(
                        store,
                        blobs,
                        queue,
                        events,
                        new Mailroom(
                                sending,
                                blobs,
                                new Tracking(new TrackingLinks(key, clock, PUBLIC_URL))),
                        new Downloads(key, clock, PUBLIC_URL),
                        clock);
        var forms = new SignupForms(store, segments, topics, sending, clock, ids);
        signups = new Signups(store, forms, contacts, acceptance, events::record, key, clock, ids);
        var brands =
                new Brands(
                        store,
                        blobs,
                        team -> Optional.of(team.equals(teams.acme) ? "Acme" : "Other"),
                        clock);
        new BrandRoutes(brands, PUBLIC_URL).register(teams.endpoints);
        new EmailRoutes(acceptance, emails, usage, store, clock).register(teams.endpoints);
        new SegmentRoutes(segments).register(teams.endpoints);
        new TopicRoutes(topics).register(teams.endpoints);
        new ContactRoutes(contacts, choices).register(teams.endpoints);
        new ChoiceRoutes(choices).register(teams.endpoints);
        new SignupFormRoutes(forms, PUBLIC_URL).register(teams.endpoints);
        new SignupRoutes(signups).register(teams.endpoints);
        new SignupPages(forms, signups, new Pages(brands, PUBLIC_URL), clock, PUBLIC_URL)
                .register(teams.endpoints);
    }

    private static final class NoTopics implements TopicChoices {
        @Override
        public boolean exists(Tx tx, TeamId team, UUID topic) {
            return false;
        }

        @Override
        public Set<String> optedOut(
                Tx tx, TeamId team, UUID topic, Collection<String> foldedAddresses) {
            return Set.of();
        }
    }

    TwoTeams.Reply call(String method, String path, String body) {
        return call(teams.acme, method, path, body);
    }

    TwoTeams.Reply call(TeamId team, String method, String path, String body) {
        return teams.call(team, method, path, body.replace('\'', '"'));
    }

    TwoTeams.Reply get(String path) {
        return call("GET", path, "");
    }

    /// @return its id
    String segment(String name) {
        return call("POST", "/segments", "{'name':'" + name + "'}").text("id");
    }

    /// A form of its own segment.
    ///
    /// @param more fields, such as `,'fields':['first_name']`
    /// @return what creating it answered
    TwoTeams.Reply form(String more) {
        var reply =
                call(
                        "POST",
                        "/signup-forms",
                        "{'name':'Footer','from':'Acme <news@mailgoat.test>','segment_id':'%s'%s}"
                                .formatted(segment("Readers"), more));
        if (reply.status() != 201) {
            throw new AssertionError(reply.body());
        }
        return reply;
    }

    /// A page, as somebody without a key sees it.
    Answer page(String path) {
        return teams.answer(teams.acme, "GET", path, "");
    }

    /// Sends a form with header fields.
    Answer send(String path, Map<String, String> fields, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("content-type", "application/x-www-form-urlencoded");
        return teams.answer(teams.acme, "POST", path, encoded(fields), all);
    }

    /// Opens the form, waits as people do, and sends it.
    Answer signUp(String form, Map<String, String> fields) {
        var all = new HashMap<>(fields);
        all.putIfAbsent("token", token(form));
        teams.pass(Duration.ofSeconds(5));
        return send("/signup/" + form, all, Map.of("x-forwarded-for", "203.0.113.9"));
    }

    Answer signUp(String form, String email) {
        return signUp(form, Map.of("email", email));
    }

    /// The token of a form that is shown now.
    String token(String form) {
        return html(page("/signup/" + form)).select("input[name=token]").attr("value");
    }

    /// The paths that the mails to an address ask to follow, the newest first.
    List<String> links(String address) {
        var links = new ArrayList<String>();
        for (var mail : get("/emails?limit=100&to=" + address).body().get("data")) {
            String text = get("/emails/" + mail.get("id").asString()).text("text");
            text.lines()
                    .filter(line -> line.startsWith(PUBLIC_URL))
                    .forEach(line -> links.add(line.substring(PUBLIC_URL.length())));
        }
        return links;
    }

    Answer press(String path) {
        return send(path, Map.of(), Map.of("x-forwarded-for", "198.51.100.7"));
    }

    /// The types of all events about something.
    List<String> told(String subject) {
        return teams.store.read(tx -> events.ofSubject(tx, UUID.fromString(subject))).stream()
                .map(StoredEvent::type)
                .toList();
    }

    int count(String table) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    static Document html(Answer answer) {
        return Jsoup.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }

    static String heading(Answer answer) {
        return html(answer).select("h1").text();
    }

    @Override
    public void close() {
        outbound.close();
        teams.close();
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f ->
                        f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
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
