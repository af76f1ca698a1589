package ai.mailgoat.server.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.message.MessageReader;
import ai.mailgoat.server.message.ReadMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngagedMailsTest {
    private static final String OWN = "https://links.mailgoat.test";
    private static final String TARGET = "https://shop.example/sale?a=1&b=2#now";
    private static final String HTML =
            "<html><body><a href=\"https://shop.example/sale?a=1&amp;b=2#now\">Sale</a> <a"
                    + " href='mailto:a@x.example'>Mail</a> <a href=\"https://two.example\">2</a> <a"
                    + " href=\"https://three.example\">3</a></body></html>";
    private static final String FIREFOX =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final Pattern HREF = Pattern.compile("(?:href|src)=[\"']([^\"']+)");

    @TempDir Path dataDir;
    private EmailFixture mails;

    @BeforeEach
    void open() {
        mails = new EmailFixture(dataDir);
    }

    @AfterEach
    void close() {
        mails.close();
    }

    @Test
    void withoutTrackingTheHtmlIsTheAuthors() {
        assertEquals(HTML, message(mails.send(Map.of("html", HTML))).html());
    }

    @Test
    void linksLeadThroughTheDomainsOwnName() {
        mails.track(true, true, true);
        String id = mails.send(withoutText(Map.of("html", HTML)));
        var message = message(id);
        String html = message.html();
        var links = links(html);
        assertEquals(5, links.size(), html);
        assertTrue(links.get(0).startsWith(OWN + "/c/"), html);
        assertEquals("mailto:a@x.example", links.get(1));
        assertTrue(links.get(4).startsWith(OWN + "/o/"), html);
        assertTrue(html.endsWith("\"></body></html>"), html);
        assertFalse(message.text().contains("/c/"), message.text());
        assertTrue(message.text().contains("https://shop.example/sale"), message.text());
        assertEquals(HTML, mails.email(id).get("html").asString(), "kept as it was written");
        assertArrayEquals(mails.raw(id), mails.raw(id));

        var answer = follow(links.get(0), Map.of());
        assertEquals(302, answer.status());
        assertEquals(TARGET, answer.headers().get("location"));
        assertEquals("private, no-store", answer.headers().get("cache-control"));
        var pixel = follow(links.get(4), Map.of());
        assertEquals(200, pixel.status());
        assertEquals("image/gif", pixel.headers().get("content-type"));
        assertEquals("GIF89a", new String(pixel.body(), 0, 6, UTF_8));
    }

    @Test
    void untilTheNameLeadsHereLinksStandUnderTheServices() {
        mails.track(true, false, false);
        var links = links(message(mails.send(Map.of("html", HTML))).html());
        assertEquals("https://two.example", links.get(2));
        assertTrue(links.get(4).startsWith(Links.PUBLIC_URL + "/o/"), links.get(4));
    }

    @Test
    void linksToUnsubscribeAndThoseThatSaySoStay() {
        mails.track(false, true, true);
        String html =
                "<a href=\"https://a.example/bye\">1</a><a href=\""
                        + Links.PUBLIC_URL
                        + "/unsubscribe/x\">2</a><a data-no-track href=\"https://b.example\">3</a>";
        var fields =
                Map.<String, Object>of(
                        "html",
                        html,
                        "headers",
                        Map.of(
                                "List-Unsubscribe",
                                "<mailto:b@x.example>, <https://a.example/bye>"));
        assertEquals(html, message(mails.send(fields)).html());
    }

    @Test
    void anOpenAndAClickOfAPersonAreTold() {
        mails.track(true, true, true);
        String id =
                mails.send(
                        Map.of(
                                "html",
                                HTML,
                                "tags",
                                List.of(Map.of("name", "kind", "value", "news"))));
        delivered(id);
        mails.teams.pass(Duration.ofMinutes(10));
        var links = links(message(id).html());
        follow(links.get(4), Map.of());

        var opened = mails.told(id, "email.opened").getFirst();
        assertEquals("human", opened.get("verdict").asString());
        assertEquals("person", opened.get("reason").asString());
        assertEquals(id, opened.get("email_id").asString());
        assertEquals("[\"ann@x.example\"]", opened.get("to").toString());
        assertEquals("news", opened.get("tags").get("kind").asString());
        assertEquals(
                "{\"ipAddress\":\"84.112.9.9\",\"timestamp\":\"2026-03-01T10:10:00.123Z\",\"userAgent\":\""
                        + FIREFOX
                        + "\"}",
                opened.get("open").toString());
        assertEquals("opened", mails.email(id).get("last_event").asString());

        follow(links.get(0), Map.of());
        var click = mails.told(id, "email.clicked").getFirst().get("click");
        assertEquals(TARGET, click.get("link").asString());
        assertEquals("84.112.9.9", click.get("ipAddress").asString());
        assertEquals("clicked", mails.email(id).get("last_event").asString());
        follow(links.get(4), Map.of());
        assertEquals("clicked", mails.email(id).get("last_event").asString());
        assertEquals(
                List.of("opened human", "clicked human", "opened human"),
                engagements("kind || ' ' || verdict"));
    }

    @Test
    void whatAMachineDoesIsKeptAndChangesNothingElse() {
        mails.track(true, true, true);
        String id = mails.send(Map.of("html", HTML));
        delivered(id);
        mails.teams.pass(Duration.ofMinutes(10));
        var links = links(message(id).html());
        assertEquals(200, call("HEAD", links.get(4), Map.of()).status());
        assertEquals(302, call("HEAD", links.get(0), Map.of()).status());
        follow(links.get(0), Map.of("sec-purpose", "prefetch;prerender"));
        follow(links.get(0), Map.of("user-agent", "curl/8"));
        follow(links.get(4), Map.of("user-agent", "Mozilla/5.0"));
        follow(links.get(4), Map.of("x-forwarded-for", "52.17.1.2"));
        assertEquals(
                List.of(
                        "machine head",
                        "machine head",
                        "machine prefetch",
                        "machine scanner",
                        "machine apple_proxy",
                        "machine datacentre"),
                engagements("verdict || ' ' || reason"));
        assertEquals("delivered", lastEvent(id));
        assertEquals(
                "machine", mails.told(id, "email.opened").getFirst().get("verdict").asString());
    }

    @Test
    void aBurstMakesMachinesOfTheClicksBeforeIt() {
        mails.track(true, true, true);
        String id = mails.send(Map.of("html", HTML));
        delivered(id);
        mails.teams.pass(Duration.ofMinutes(10));
        var links = links(message(id).html());
        follow(links.get(0), Map.of());
        follow(links.get(2), Map.of());
        assertEquals(List.of("human", "human"), engagements("verdict"));
        follow(links.get(3), Map.of());
        assertEquals(List.of("burst", "burst", "burst"), engagements("reason"));
        var revised = mails.told(id, "email.engagement_revised");
        assertEquals(1, revised.size());
        assertEquals(2, revised.getFirst().get("engagement_ids").size());
        assertEquals("machine", revised.getFirst().get("verdict").asString());
    }

    @Test
    void oneAddressThatClicksInManyMailsAtOnceIsAScanner() {
        mails.track(true, true, true);
        var all = List.of(id(), id(), id(), id(), id());
        mails.teams.pass(Duration.ofMinutes(10));
        for (String id : all.subList(0, 3)) {
            follow(links(message(id).html()).getFirst(), Map.of());
        }
        mails.revision.sweep();
        assertEquals(List.of("human", "human", "human"), engagements("verdict"));
        follow(links(message(all.get(3)).html()).getFirst(), Map.of());
        follow(
                links(message(all.get(4)).html()).getFirst(),
                Map.of("x-forwarded-for", "84.112.9.10"));
        mails.revision.sweep();
        mails.revision.sweep();
        assertEquals(
                List.of("many_mails", "many_mails", "many_mails", "many_mails", "person"),
                engagements("reason"));
        assertEquals(1, mails.told(all.get(0), "email.engagement_revised").size());
    }

    @Test
    void anAlteredLinkLeadsNowhere() {
        mails.track(true, true, true);
        var links = links(message(mails.send(Map.of("html", HTML))).html());
        for (String link : List.of(links.get(0), links.get(4))) {
            int token = link.lastIndexOf('/') + 1;
            for (int i = token; i < link.length(); i++) {
                char other = link.charAt(i) == 'A' ? 'B' : 'A';
                String altered = link.substring(0, i) + other + link.substring(i + 1);
                var answer = follow(altered, Map.of());
                assertEquals(404, answer.status(), altered);
                assertFalse(answer.headers().containsKey("location"));
            }
            assertEquals(404, follow(link + "A", Map.of()).status());
            assertEquals(404, follow(link.substring(0, link.length() - 1), Map.of()).status());
        }
        String click = links.get(0).substring(links.get(0).lastIndexOf('/') + 1);
        assertEquals(404, follow(OWN + "/o/" + click, Map.of()).status());
        String open = links.get(4).substring(links.get(4).lastIndexOf('/') + 1);
        assertEquals(404, follow(OWN + "/c/" + open, Map.of()).status());
        assertEquals(0, mails.count("engagement"));
        var page = follow(OWN + "/c/" + open, Map.of());
        assertEquals("text/html; charset=utf-8", page.headers().get("content-type"));
        assertTrue(new String(page.body(), UTF_8).contains("This link leads nowhere."));
        mails.teams.pass(Duration.ofDays(3_660));
        assertEquals(404, follow(links.get(0), Map.of()).status());
    }

    @Test
    void aLinkIsNotShownUnderAnotherDomainsName() {
        mails.track(true, true, false);
        String link = links(message(mails.send(Map.of("html", HTML))).html()).getFirst();
        assertTrue(link.startsWith(Links.PUBLIC_URL), link);
        assertEquals(302, follow(link, Map.of()).status());
        assertEquals(302, follow(link, Map.of("host", "10.0.0.3:8080")).status());
        assertEquals(404, follow(link, Map.of("host", "links.mailgoat.test")).status());
        assertEquals(404, follow(link, Map.of("host", "LINKS.mailgoat.test:443")).status());
    }

    @Test
    void aLinkStillLeadsOnceTheMailIsGone() {
        mails.track(true, true, true);
        String id = mails.send(Map.of("html", HTML));
        String link = links(message(id).html()).getFirst();
        mails.teams.store.write(
                tx -> tx.update("DELETE FROM email WHERE id = ?", UUID.fromString(id)));
        assertEquals(TARGET, follow(link, Map.of()).headers().get("location"));
        assertEquals(0, mails.count("engagement"));
    }

    @Test
    void aFloodIsNotKept() {
        mails.track(true, true, true);
        String id = mails.send(Map.of("html", HTML));
        String pixel = links(message(id).html()).get(4);
        for (int i = 0; i < 1_005; i++) {
            assertEquals(200, follow(pixel, Map.of()).status());
        }
        assertEquals(1_000, mails.count("engagement"));
    }

    @Test
    void whatTheRequestSaysIsKeptPlainAndShort() {
        mails.track(true, true, true);
        String id = mails.send(Map.of("html", HTML));
        follow(
                links(message(id).html()).get(4),
                Map.of("user-agent", "x\u0000ü\n" + "a".repeat(5_000)));
        String agent = engagements("user_agent").getFirst();
        assertEquals(300, agent.length());
        assertTrue(agent.startsWith("x???aaa"), agent);
    }

    private String id() {
        String id = mails.send(Map.of("html", HTML));
        delivered(id);
        return id;
    }

    private ReadMessage message(String id) {
        return MessageReader.read(mails.raw(id));
    }

    private Map<String, Object> withoutText(Map<String, Object> fields) {
        var all = new HashMap<>(fields);
        all.put("text", null);
        return all;
    }

    private static List<String> links(String html) {
        return HREF.matcher(html).results().map(found -> found.group(1)).toList();
    }

    private Answer follow(String url, Map<String, String> headers) {
        return call("GET", url, headers);
    }

    private Answer call(String method, String url, Map<String, String> headers) {
        int path = url.indexOf('/', "https://".length());
        var all = new HashMap<String, String>();
        all.put("host", url.substring("https://".length(), path));
        all.put("user-agent", FIREFOX);
        all.put("x-forwarded-for", "84.112.9.9");
        all.putAll(headers);
        return mails.teams.answer(mails.teams.other, method, url.substring(path), "", all);
    }

    private void delivered(String id) {
        mails.teams.store.write(tx -> {
            TeamId team = mails.teams.acme;
            Instant at = mails.teams.clock().instant();
            mails.events.record(
                    tx,
                    new Event(
                            team,
                            EmailId.parse(id).orElseThrow().value(),
                            "email.delivered",
                            at,
                            Map.of()));
            return tx.update(
                    "UPDATE email SET last_event = 'delivered' WHERE id = ?", UUID.fromString(id));
        });
    }

    private String lastEvent(String id) {
        return mails.email(id).get("last_event").asString();
    }

    private List<String> engagements(String expression) {
        return mails.teams.store.read(tx ->
                tx.query(
                        "SELECT " + expression + " AS x FROM engagement ORDER BY id",
                        row -> row.string("x")));
    }
}
