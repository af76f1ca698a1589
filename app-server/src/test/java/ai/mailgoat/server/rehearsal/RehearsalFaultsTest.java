package ai.mailgoat.server.rehearsal;

import static ai.mailgoat.server.rehearsal.RehearsalFixture.LINK;
import static ai.mailgoat.server.rehearsal.RehearsalFixture.codes;
import static ai.mailgoat.server.rehearsal.RehearsalFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.dns.DnsAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a rehearsal finds beyond the broadcast itself: links, the sender, the size.
class RehearsalFaultsTest {
    private RehearsalFixture f;

    @BeforeEach
    void open(@TempDir Path dataDir) throws IOException {
        f = new RehearsalFixture(dataDir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void linksAreFollowedAndTheDeadOnesNamed() {
        var links =
                new ArrayList<>(
                        List.of(
                                f.url("/fine?a=b|c#part"),
                                f.url("/fine?a=b|c"),
                                f.url("/get-only"),
                                f.url("/404"),
                                f.url("/302"),
                                f.url("/403"),
                                f.url("/500"),
                                f.url("/of/{{{EMAIL}}}"),
                                "http://192.168.0.1/",
                                "https://nowhere.example/x",
                                "https://m\u00fcnchen.example/",
                                "mailto:a@x.example",
                                "#top",
                                "/relative",
                                "javascript:alert(1)"));
        String html =
                links.stream()
                        .map(link -> "<a href=\"" + link + "\">x</a>")
                        .collect(
                                Collectors.joining(
                                        "", "<img src=\"" + f.url("/410") + "\">", LINK));
        f.contact("ann@x.example", "");
        var said = f.rehearse(f.broadcast(Map.of("html", html)));
        assertTrue(said.get("ready").asBoolean());
        var followed =
                said.get("links")
                        .valueStream()
                        .collect(
                                Collectors.toMap(
                                        l ->
                                                l.get("url")
                                                        .asString()
                                                        .replaceFirst("^http://127[^/]*", ""),
                                        l ->
                                                l.get("status").asString("-")
                                                        + " "
                                                        + l.get("problem").asString("-")));
        assertEquals(
                Map.of(
                        "/410", "410 The host answers 410.",
                        "/fine?a=b%7Cc", "200 -",
                        "/get-only", "200 -",
                        "/404", "404 The host answers 404.",
                        "/302", "302 -",
                        "/403", "403 -",
                        "/500", "500 The host answers 500.",
                        "http://192.168.0.1/", followed.get("http://192.168.0.1/"),
                        "https://nowhere.example/x", "- The host name does not exist in the DNS.",
                        "https://xn--mnchen-3ya.example/",
                                "- The host name does not exist in the DNS."),
                followed);
        assertTrue(followed.get("http://192.168.0.1/").startsWith("- "), followed::toString);
        assertEquals(
                List.of(
                        "note reserved_domain",
                        "warning broken_link",
                        "warning broken_link",
                        "warning dead_link",
                        "warning dead_link",
                        "warning dead_link",
                        "warning dead_link",
                        "warning dead_link",
                        "warning dead_link"),
                codes(said));
        assertFalse(f.asked.stream().anyMatch(a -> a.contains("/of/")), f.asked::toString);
        assertEquals(1, f.asked.stream().filter(a -> a.contains("/fine")).count());
        assertTrue(f.asked.containsAll(List.of("HEAD /get-only", "GET /get-only")));
    }

    @Test
    void onlySomeLinksAreFollowed() {
        String text =
                IntStream.range(0, 60)
                        .mapToObj(i -> f.url("/" + (1_000 + i)) + ".")
                        .collect(Collectors.joining(" ", "", " {{{UNSUBSCRIBE_URL}}}"));
        var said = f.rehearse(f.broadcast(Map.of("html", "-", "text", text)));
        assertEquals(50, said.get("links").size());
        assertTrue(codes(said).contains("note links_not_followed"), said::toString);
        assertTrue(f.asked.contains("HEAD /1049"), f.asked::toString);
    }

    @Test
    void theSendersDomainMustPassDmarc() {
        f.contact("ann@x.example", "");
        var from = Map.of("from", "ada@news.acme.example");
        String id = f.broadcast(from);
        assertEquals(List.of("warning dmarc_missing"), codes(f.rehearse(id)));
        assertEquals(
                List.of("_dmarc.news.acme.example", "_dmarc.acme.example", "_dmarc.example"),
                f.asked);

        f.txt.put("_dmarc.acme.example", found("v=DMARC1; p=none", "google-site-verification=x"));
        assertEquals(List.of(), codes(f.rehearse(id)));
        f.txt.put("_dmarc.acme.example", found("v=DMARC1; p=none", "v=DMARC1; p=reject"));
        assertEquals(List.of("warning dmarc_missing"), codes(f.rehearse(id)));
        f.txt.put("_dmarc.news.acme.example", new DnsAnswer.Failed<>("timeout"));
        assertEquals(List.of("note dmarc_unknown"), codes(f.rehearse(id)));

        f.txt.put("_dmarc.news.acme.example", found(" V=dmarc1 ; p=none"));
        assertEquals(List.of(), codes(f.rehearse(id)));
    }

    @Test
    void aDomainWithoutKeysOrRightsIsNamed() {
        f.contact("ann@x.example", "");
        f.dropKeys();
        f.txt.put("_dmarc.news.acme.example", found("v=DMARC1; p=none"));
        String id = f.broadcast(Map.of("from", "ada@news.acme.example"));
        assertEquals(List.of("warning dmarc_unaligned"), codes(f.rehearse(id)));
        String other = f.broadcast(Map.of("from", "ada@stranger.example"));
        var said = f.rehearse(other);
        assertEquals(List.of("error sender_not_allowed"), codes(said));
        assertTrue(message(said, 0).startsWith("The stranger.example domain is not verified."));
    }

    @Test
    void whatIsTooLongIsNamedAndCut() {
        f.contact("ann@x.example", "");
        String goat = "\ud83d\udc10";
        var clipped = f.rehearse(f.broadcast(Map.of("html", goat.repeat(26_200) + LINK)));
        assertEquals(List.of("note reserved_domain", "warning html_clipped"), codes(clipped));
        assertTrue(clipped.get("ready").asBoolean());
        var large = f.rehearse(f.broadcast(Map.of("html", "x" + goat.repeat(300_000) + LINK)));
        assertEquals(List.of("note reserved_domain", "error too_large"), codes(large));
        var message = large.get("messages").get(0);
        assertTrue(message.get("truncated").asBoolean());
        assertEquals(399_999, message.get("html").asString().length());
        assertTrue(message.get("html_size").asInt() > 1_200_000);
    }

    private static DnsAnswer<String> found(String... texts) {
        return new DnsAnswer.Found<>(List.of(texts));
    }

    private static String message(JsonNode said, int problem) {
        return said.get("problems").get(problem).get("message").asString();
    }
}
