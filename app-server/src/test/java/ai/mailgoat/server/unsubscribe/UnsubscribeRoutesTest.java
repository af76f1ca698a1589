package ai.mailgoat.server.unsubscribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.ChoiceRoutes;
import ai.mailgoat.server.contact.Choices;
import ai.mailgoat.server.contact.ContactRoutes;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.contact.Preferences;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.event.StoredEvent;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsubscribeRoutesTest {
    private static final String ONE_CLICK = "List-Unsubscribe=One-Click";
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir Path data;
    private TwoTeams teams;
    private Events events;
    private UnsubscribeLinks links;
    private UUID contact;
    private UUID email;

    /// Mails by whose links somebody left.
    private final List<UUID> left = new ArrayList<>();

    @BeforeEach
    void open() {
        teams = new TwoTeams(data);
        var store = teams.store;
        var clock = teams.clock();
        var ids = teams.ids;
        events = new Events(ids, new WebhookCalls(ids));
        var leftovers = new Leftovers(store);
        var properties = new Properties(store, clock, ids);
        var segments = new Segments(store, leftovers, clock, ids);
        var topics = new Topics(store, leftovers, events::record, clock, ids);
        var contacts =
                new Contacts(store, properties, segments, topics, leftovers, events, clock, ids);
        var choices = new Choices(store, contacts, segments, topics, events, clock);
        new TopicRoutes(topics).register(teams.endpoints);
        new ContactRoutes(contacts, choices).register(teams.endpoints);
        new ChoiceRoutes(choices).register(teams.endpoints);
        links =
                new UnsubscribeLinks(
                        MasterKey.loadOrCreate(data.resolve("master.key")),
                        clock,
                        "https://mail.example");
        var preferences = new Preferences(contacts, topics, events, clock);
        var brands =
                new Brands(store, new BlobStore(data), team -> Optional.of("Acme <News>"), clock);
        var pages = new Pages(brands, "https://mail.example");
        new UnsubscribeRoutes(
                        new Unsubscribes(store, links, preferences, (tx, mail) -> left.add(mail)),
                        pages)
                .register(teams.endpoints);
        contact = make(teams.acme, "/contacts", "{'email':'Anna@example.com'}");
        email = ids.next();
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void oneClickStopsAllMailAtOnceAndTwiceIsOnce() {
        recipient();
        var answer = post(link(null), ONE_CLICK);
        assertEquals(200, answer.status());
        assertEquals("Unsubscribed.\n", text(answer));
        assertTrue(isUnsubscribed());
        assertTrue(isMarked());
        assertEquals(List.of(email), left, "told once, however often it is asked");
        assertEquals(List.of("contact.created", "contact.updated"), types());

        teams.pass(Duration.ofDays(1));
        assertEquals(200, post(link(null), ONE_CLICK).status());
        assertEquals(List.of("contact.created", "contact.updated"), types());
    }

    @Test
    void oneClickMayComeAsMultipart() {
        String body =
                "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        var answer = post(link(null), body, "multipart/form-data; boundary=x");
        assertEquals(200, answer.status());
        assertTrue(isUnsubscribed());
    }

    @Test
    void oneClickOnMailAboutATopicStopsTheTopic() {
        var news = topic("News", "opt_in", "public");
        var answer = post(link(news), ONE_CLICK);
        assertEquals(200, answer.status());
        assertFalse(isUnsubscribed());
        assertEquals("opt_out", subscription(news));
        assertEquals(List.of("contact.created", "contact.topics.updated"), types());
    }

    @Test
    void aTopicThatIsGoneStopsEverything() {
        var news = topic("News", "opt_in", "public");
        String link = link(news);
        teams.call(teams.acme, "DELETE", "/topics/" + news, "");
        assertEquals(200, post(link, ONE_CLICK).status());
        assertTrue(isUnsubscribed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "List-Unsubscribe=Two",
                "list-unsubscribe=One-Click",
                "action=",
                "action=delete",
                "List-Unsubscribe",
                "action=STOP",
                "x=y&topic=1"
            })
    void whatIsNoWishChangesNothing(String body) {
        var answer = post(link(null), body);
        assertEquals(400, answer.status());
        assertTrue(text(answer).contains("Nothing was changed"));
        assertFalse(isUnsubscribed());
        assertEquals(400, post(link(null), "{\"action\":\"stop\"}", "application/json").status());
    }

    @Test
    void lookingChangesNothing() {
        var news = topic("News", "opt_in", "public");
        for (String query : List.of("", "?List-Unsubscribe=One-Click", "?action=stop")) {
            for (UUID topic : new UUID[] {null, news}) {
                assertEquals(200, get(link(topic) + query).status());
            }
        }
        assertFalse(isUnsubscribed());
        assertEquals("opt_in", subscription(news));
        assertEquals(List.of("contact.created"), types());
    }

    @Test
    void thePageSaysWhoseItIsAndHasOneButton() {
        String page = text(get(link(null)));
        assertTrue(page.contains("Acme &lt;News&gt; sends newsletters to Anna@example.com"), page);
        assertEquals(1, count(page, "<button"));
        assertTrue(page.contains("value=\"stop\""), page);

        String done = text(post(link(null), "action=stop"));
        assertTrue(isUnsubscribed());
        assertTrue(done.contains("<h1>You are unsubscribed</h1>"), done);
        assertTrue(done.contains("value=\"resume\""), done);
        assertTrue(text(get(link(null))).contains("<h1>You are unsubscribed</h1>"));
    }

    @Test
    void itCanBeTakenBack() {
        recipient();
        var news = topic("News", "opt_in", "public");
        post(link(null), "action=stop");
        assertTrue(isMarked());
        String page = text(post(link(null), "action=resume"));
        assertTrue(page.contains("role=\"status\">You are subscribed again."), page);
        assertFalse(isUnsubscribed());
        assertFalse(isMarked());

        post(link(news), "action=stop");
        assertEquals("opt_out", subscription(news));
        post(link(news), "action=stop-all");
        assertTrue(isUnsubscribed());
        post(link(news), "action=resume");
        assertFalse(isUnsubscribed());
        assertEquals("opt_in", subscription(news));
    }

    @Test
    void theTopicsShownAreThePublicOnesAndThoseChosen() {
        topic("Public out", "opt_out", "public");
        topic("Secret in", "opt_in", "private");
        var secret = topic("Secret out", "opt_out", "private");
        String page = text(get(link(null)));
        assertTrue(page.contains("<b>Public out</b>"), page);
        assertTrue(page.contains("<b>Secret in</b>"), page);
        assertFalse(page.contains("Secret out"), page);
        assertEquals(1, count(page, " checked"));

        // Its own mail may say its name.
        String own = text(get(link(secret)));
        assertTrue(own.contains("<b>Secret out</b>"), own);
        assertTrue(own.contains("You are unsubscribed"), own);
    }

    @Test
    void topicsAreChosenTogether() {
        var a = topic("A", "opt_in", "public");
        var b = topic("B", "opt_out", "public");
        var hidden = topic("Hidden", "opt_out", "private");
        String page =
                text(
                        post(
                                link(null),
                                "action=choose&topic=%s&topic=%s&topic=nonsense"
                                        .formatted(b, hidden)));
        assertTrue(page.contains("Your choice is saved."), page);
        assertEquals("opt_out", subscription(a));
        assertEquals("opt_in", subscription(b));
        assertEquals("opt_out", subscription(hidden));
        assertEquals(List.of("contact.created", "contact.topics.updated"), types());
        assertFalse(isUnsubscribed());

        post(link(null), "action=choose&topic=" + b);
        assertEquals(List.of("contact.created", "contact.topics.updated"), types());
    }

    @Test
    void whoChoosesATopicWantsMailAgain() {
        var a = topic("A", "opt_in", "public");
        post(link(null), "action=stop");
        assertFalse(text(get(link(null))).contains(" checked"));
        post(link(null), "action=choose");
        assertTrue(isUnsubscribed());
        assertEquals("opt_in", subscription(a));
        post(link(null), "action=choose&topic=" + a);
        assertFalse(isUnsubscribed());
        assertEquals("opt_in", subscription(a));
    }

    @Test
    void aContactThatIsGoneHasNothingLeftToDo() {
        teams.call(teams.acme, "DELETE", "/contacts/" + contact, "");
        assertTrue(text(get(link(null))).contains("You are not on the list"));
        assertEquals(200, post(link(null), ONE_CLICK).status());
        assertEquals(200, post(link(null), "action=stop").status());
    }

    @Test
    void aContactThatWasAddedAnewIsFoundByTheMail() {
        recipient();
        teams.call(teams.acme, "DELETE", "/contacts/" + contact, "");
        String old = link(null);
        contact = make(teams.acme, "/contacts", "{'email':'anna@example.com'}");
        assertEquals(200, post(old, ONE_CLICK).status());
        assertTrue(isUnsubscribed());
    }

    @Test
    void aLinkOfOneTeamDoesNothingToAnother() {
        var foreign = make(teams.other, "/contacts", "{'email':'bob@example.com'}");
        String link = path(links.url(teams.acme, foreign, email, null, TwoTeams.START));
        assertTrue(text(get(link)).contains("You are not on the list"));
        post(link, ONE_CLICK);
        assertEquals(
                "false",
                teams.call(teams.other, "GET", "/contacts/" + foreign, "").text("unsubscribed"));
    }

    @Test
    void anAlteredLinkLeadsNowhere() {
        String link = link(null);
        for (int i = "/unsubscribe/".length(); i < link.length(); i++) {
            char other = link.charAt(i) == 'A' ? 'B' : 'A';
            String altered = link.substring(0, i) + other + link.substring(i + 1);
            var page = get(altered);
            assertEquals(404, page.status());
            assertFalse(page.headers().containsKey("location"));
            assertEquals(404, post(altered, ONE_CLICK).status());
            assertEquals(404, post(altered, "action=stop").status());
            assertEquals(404, post(altered, "").status());
        }
        assertFalse(isUnsubscribed());
        teams.pass(Duration.ofDays(3_651));
        assertEquals(404, post(link, ONE_CLICK).status());
        assertFalse(isUnsubscribed());
    }

    private void recipient() {
        teams.store.write(tx -> {
            var broadcast = teams.ids.next();
            tx.update(
                    """
                    INSERT INTO broadcast (id, team_id, name, fields, status, paused, per_minute, created_at, updated_at,
                        frozen, reached, audience, sent, failed, suppressed, skipped)
                    VALUES (?, ?, 'x', ?, 'sent', FALSE, 0, ?, ?, TRUE, 1, 1, 1, 0, 0, 0)\
                    """,
                    broadcast,
                    teams.acme.value(),
                    new byte[0],
                    TwoTeams.START,
                    TwoTeams.START);
            return tx.update(
                    """
                    INSERT INTO broadcast_recipient (broadcast_id, ordinal, contact_id, address, state, email_id,
                        complained, unsubscribed, opens, clicks)
                    VALUES (?, 0, ?, 'anna@example.com', 'sent', ?, FALSE, FALSE, 0, 0)\
                    """,
                    broadcast,
                    contact,
                    email);
        });
    }

    private boolean isMarked() {
        return teams.store.read(tx ->
                tx.first(
                                "SELECT unsubscribed FROM broadcast_recipient WHERE email_id = ?",
                                row -> row.bool("unsubscribed"),
                                email)
                        .orElseThrow());
    }

    private boolean isUnsubscribed() {
        return teams.call(teams.acme, "GET", "/contacts/" + contact, "")
                .text("unsubscribed")
                .equals("true");
    }

    private String subscription(UUID topic) {
        return teams.call(teams.acme, "GET", "/contacts/" + contact + "/topics", "")
                .body()
                .get("data")
                .valueStream()
                .filter(t -> t.get("id").asString().equals(topic.toString()))
                .map(t -> t.get("subscription").asString())
                .findFirst()
                .orElseThrow();
    }

    private List<String> types() {
        return teams.store.read(tx -> events.ofSubject(tx, contact)).stream()
                .map(StoredEvent::type)
                .toList();
    }

    private UUID topic(String name, String standard, String visibility) {
        return make(
                teams.acme,
                "/topics",
                "{'name':'%s','default_subscription':'%s','visibility':'%s','description':'About %s'}"
                        .formatted(name, standard, visibility, name));
    }

    private UUID make(TeamId team, String path, String body) {
        var reply = teams.call(team, "POST", path, body.replace('\'', '"'));
        assertEquals(201, reply.status(), reply.body().toString());
        return UUID.fromString(reply.text("id"));
    }

    private String link(@Nullable UUID topic) {
        return path(links.url(teams.acme, contact, email, topic, TwoTeams.START));
    }

    private static String path(String url) {
        return url.substring("https://mail.example".length());
    }

    private Answer get(String path) {
        return teams.answer(teams.acme, "GET", path, "");
    }

    private Answer post(String path, String body) {
        return post(path, body, FORM);
    }

    private Answer post(String path, String body, String type) {
        return teams.answer(teams.acme, "POST", path, body, Map.of("content-type", type));
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static int count(String page, String part) {
        return page.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
