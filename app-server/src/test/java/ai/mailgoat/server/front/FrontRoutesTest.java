package ai.mailgoat.server.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.HealthCheck;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontRoutesTest {
    private static final String PUBLIC_URL = "https://mail.example/goat";

    @TempDir Path data;
    private final AtomicBoolean room = new AtomicBoolean(true);
    private TwoTeams teams;

    @BeforeEach
    void open() {
        teams = new TwoTeams(data);
        var brands =
                new Brands(
                        teams.store,
                        new BlobStore(data),
                        team -> Optional.of("Secret name"),
                        teams.clock());
        var parts =
                List.of(
                        HealthCheck.of("store", teams.store::isHealthy),
                        new HealthCheck(
                                "room", () -> new HealthCheck.State(room.get(), "/secret/path")));
        new FrontRoutes(new Pages(brands, PUBLIC_URL), parts, PUBLIC_URL).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void theFirstPageSaysLittle() {
        var answer = get("/");
        assertEquals(200, answer.status());
        var page = html(answer);
        assertEquals("A mail service", page.select("h1").text());
        assertEquals(PUBLIC_URL + "/status", page.select("main a").attr("href"));
        assertFalse(page.outerHtml().contains("Secret"));
    }

    @Test
    void allIsWell() {
        var answer = get("/status");
        assertEquals(200, answer.status());
        var page = html(answer);
        assertEquals("Everything works", page.select("h1").text());
        assertEquals(
                List.of("Storage of mail and data Works", "Room for new mail Works"),
                page.select(".rows li").eachText());
    }

    @Test
    void whatIsNotWellIsNamedInPlainWords() {
        room.set(false);
        var answer = get("/status");
        assertEquals(503, answer.status());
        var page = html(answer);
        assertEquals("Something does not work", page.select("h1").text());
        assertEquals(
                List.of("Storage of mail and data Works", "Room for new mail Does not work"),
                page.select(".rows li").eachText());
        assertFalse(page.outerHtml().contains("secret"));
    }

    @Test
    void searchEnginesHaveNoBusinessHere() {
        var answer = get("/robots.txt");
        assertTrue(answer.headers().get("content-type").startsWith("text/plain"));
        assertEquals(
                "User-agent: *\nDisallow: /\n",
                new String(answer.body(), StandardCharsets.US_ASCII));
    }

    private Answer get(String path) {
        return teams.answer(teams.acme, "GET", path, "");
    }

    private static Document html(Answer answer) {
        return Jsoup.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
