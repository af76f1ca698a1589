package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.Browser.Step;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.unsubscribe.UnsubscribeLinks;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser, as those see them who get mail.
class PagesTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir Path data;
    private Service service;
    private String key;
    private UnsubscribeLinks links;
    private TeamId team;

    @Test
    void peopleStopMailAndChooseWhatTheyWant() throws Exception {
        var browser = Browser.assumeInstalled();
        try (var started = Service.on(data, Map.of("MAILGOAT_DELIVERY__MODE", "capture"))) {
            service = started;
            key = started.setup("sender.example").get("api_key").stringValue();
            started.start();
            team = new TeamId(UUID.fromString(teamId()));
            links =
                    new UnsubscribeLinks(
                            MasterKey.loadOrCreate(data.resolve("master.key")),
                            Clock.systemUTC(),
                            started.url().toString());

            var plain = contact("plain@example.com");
            browser.look("unsubscribe", link(plain, null), 200)
                    .look("nothing-here", started.url() + "/unsubscribe/nonsense", 404);
            assertEquals(8, browser.run().get("opened").intValue());

            var news = topic("Product news", "What is new, once a month.", "public");
            var offers = topic("Offers", "Now and then, and only good ones.", "public");
            topic("Inner circle", "Not for everybody.", "private");
            brand();
            looksOfABrand(news);
            stopsAndStartsAgain(news);
            chooses(news, offers);
            scannersChangeNothing(news);
        }
    }

    private void looksOfABrand(UUID news) throws Exception {
        var anna = contact("anna.example@example.com");
        var lengthy =
                contact(
                        "a-very-long-name-that-nobody-would-ever-type@a-rather-long-domain.example");
        var off = contact("off@example.com");
        service.send(key, "PATCH", "/contacts/" + off, Map.of("unsubscribed", true));
        var gone = contact("gone@example.com");
        service.send(key, "DELETE", "/contacts/" + gone, "");
        var seen =
                Browser.assumeInstalled()
                        .look("preferences", link(anna, news), 200)
                        .look("preferences-german", link(anna, news), 200, "de-AT")
                        .look("long-address", link(lengthy, null), 200)
                        .look("unsubscribed", link(off, null), 200)
                        .look("not-on-the-list", link(gone, null), 200)
                        .run();
        assertEquals(20, seen.get("opened").intValue());
    }

    private void stopsAndStartsAgain(UUID news) throws Exception {
        var bob = contact("bob@example.com");
        var done =
                Browser.assumeInstalled()
                        .press(
                                link(bob, null),
                                Step.see("Goat & Sons sends newsletters to bob@example.com"),
                                Step.click("Unsubscribe", "You are unsubscribed"),
                                Step.click("Subscribe again", "You are subscribed again."),
                                Step.click("Unsubscribe", "You are unsubscribed"),
                                Step.click("Subscribe again", "You are subscribed again."))
                        .press(
                                link(bob, news),
                                Step.click(
                                        "Unsubscribe from “Product news”",
                                        "no longer writes to bob@example.com about “Product news”"),
                                Step.click("Subscribe again", "You are subscribed again."),
                                Step.click(
                                        "Unsubscribe from everything",
                                        "sends no more newsletters to bob@example.com"),
                                Step.click("Subscribe again", "You are subscribed again."),
                                Step.click(
                                        "Unsubscribe from “Product news”", "You are unsubscribed"),
                                Step.click("Subscribe again", "You are subscribed again."))
                        .run();
        assertEquals(20, done.get("pressed").intValue());
        assertEquals("false", contactField(bob, "unsubscribed"));
        assertEquals("opt_in", subscription(bob, news));

        Browser.assumeInstalled()
                .press(link(bob, null), Step.see("One click"), Step.see("Inner circle"))
                .run();
        assertEquals("false", contactField(bob, "unsubscribed"));
    }

    private void chooses(UUID news, UUID offers) throws Exception {
        var eve = contact("eve@example.com");
        Browser.assumeInstalled()
                .press(
                        link(eve, null),
                        new Step(
                                Map.of(),
                                List.of(),
                                List.of("Product news"),
                                "Save",
                                "Your choice is saved."))
                .run();
        assertEquals("opt_out", subscription(eve, news));
        assertEquals("opt_in", subscription(eve, offers));
        Browser.assumeInstalled()
                .press(
                        link(eve, null),
                        new Step(
                                Map.of(),
                                List.of("Product news"),
                                List.of("Offers"),
                                "Save",
                                "Your choice is saved."))
                .run();
        assertEquals("opt_in", subscription(eve, news));
        assertEquals("opt_out", subscription(eve, offers));
    }

    // What mail gateways do to links before anybody has seen the mail.
    private void scannersChangeNothing(UUID news) throws Exception {
        var sue = contact("sue@example.com");
        String link = link(sue, news);
        for (String method : List.of("HEAD", "GET", "OPTIONS", "PUT", "DELETE", "PATCH")) {
            for (String header :
                    List.of("x-moz: prefetch", "sec-purpose: prefetch", "user-agent: Barracuda")) {
                for (String query :
                        List.of("", "?List-Unsubscribe=One-Click", "?action=stop-all")) {
                    var parts = header.split(": ");
                    ask(method, link + query, "", parts[0], parts[1]);
                }
            }
        }
        ask("POST", link, "");
        ask("POST", link, "x=y", "content-type", "application/x-www-form-urlencoded");
        assertEquals("false", contactField(sue, "unsubscribed"));
        assertEquals("opt_in", subscription(sue, news));

        var one =
                ask(
                        "POST",
                        link,
                        "List-Unsubscribe=One-Click",
                        "content-type",
                        "application/x-www-form-urlencoded");
        assertEquals(200, one.statusCode());
        assertTrue(one.headers().firstValue("set-cookie").isEmpty());
        assertEquals("opt_out", subscription(sue, news));
        assertEquals("false", contactField(sue, "unsubscribed"));
    }

    private static HttpResponse<String> ask(
            String method, String url, String body, String... headers) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void brand() throws Exception {
        var answer =
                service.send(
                        key,
                        "PATCH",
                        "/brand",
                        Map.of(
                                "name", "Goat & Sons",
                                "website_url", "https://goat.example",
                                "imprint_url", "https://goat.example/imprint",
                                "privacy_url", "https://goat.example/privacy",
                                "accent_color", "#e8590c",
                                "background_color", "#fff4e6",
                                "footer", "Goat & Sons, Alpine Road 1, 6020 Innsbruck"));
        assertEquals(200, answer.statusCode(), answer.body());
        var form = new ByteArrayOutputStream();
        form.writeBytes(
                "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(logo());
        form.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8));
        var upload =
                HttpRequest.newBuilder(service.url().resolve("/brand/logo"))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "multipart/form-data; boundary=x")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray()))
                        .build();
        assertEquals(200, HTTP.send(upload, HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    private static byte[] logo() throws IOException {
        var image = new BufferedImage(570, 120, BufferedImage.TYPE_INT_ARGB);
        var graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(0xe8, 0x59, 0x0c));
        graphics.fillOval(10, 10, 100, 100);
        graphics.setColor(new Color(0x21, 0x25, 0x29));
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 60));
        graphics.drawString("Goat & Sons", 135, 82);
        graphics.dispose();
        var png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    private String teamId() throws Exception {
        return service.admin("/v1/teams").get("data").get(0).get("id").stringValue();
    }

    private UUID contact(String email) throws Exception {
        return made("/contacts", Map.of("email", email));
    }

    private UUID topic(String name, String description, String visibility) throws Exception {
        return made(
                "/topics",
                Map.of(
                        "name", name,
                        "description", description,
                        "default_subscription", "opt_in",
                        "visibility", visibility));
    }

    private UUID made(String path, Object body) throws Exception {
        var answer = service.post(key, path, body);
        assertEquals(201, answer.statusCode(), answer.body());
        return UUID.fromString(
                Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").stringValue());
    }

    private String contactField(UUID contact, String field) throws Exception {
        String body = service.get(key, "/contacts/" + contact).body();
        return Json.tree(body.getBytes(StandardCharsets.UTF_8)).get(field).asString();
    }

    private String subscription(UUID contact, UUID topic) throws Exception {
        String body = service.get(key, "/contacts/" + contact + "/topics").body();
        return Json.tree(body.getBytes(StandardCharsets.UTF_8))
                .get("data")
                .valueStream()
                .filter(t -> t.get("id").stringValue().equals(topic.toString()))
                .findFirst()
                .orElseThrow()
                .get("subscription")
                .stringValue();
    }

    private String link(UUID contact, @Nullable UUID topic) {
        return links.url(team, contact, UUID.randomUUID(), topic, Clock.systemUTC().instant());
    }
}
