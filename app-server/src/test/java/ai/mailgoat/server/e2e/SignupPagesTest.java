package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.Browser.Step;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The pages of sign-up, of shared mail and of the service itself, in a real browser.
class SignupPagesTest {
    @TempDir Path data;
    private Service service;
    private String key;

    @Test
    void peopleSignUp() throws Exception {
        var browser = Browser.assumeInstalled();
        try (var started = Service.on(data, Map.of("MAILGOAT_DELIVERY__MODE", "capture"))) {
            service = started;
            key = started.setup("sender.example").get("api_key").stringValue();
            started.start();
            var segment = post("/segments", Map.of("name", "Readers"));
            var plain = form(segment, Map.of("name", "Plain"));
            var full =
                    form(
                            segment,
                            Map.of(
                                    "name", "Full",
                                    "fields", List.of("first_name", "last_name"),
                                    "title", "The Monthly Goat",
                                    "intro", "Stories from the alp, once a month.\nNo advertising.",
                                    "button", "Send it to me",
                                    "consent_text",
                                            "I would like to get the letter by email. I can stop it at any time."));
            browser.look("front", service.url().toString(), 200)
                    .look("status", service.url() + "/status", 200)
                    .look("status-german", service.url() + "/status", 200, "de")
                    .look("signup", plain, 200)
                    .look("signup-german", plain, 200, "de")
                    .look("signup-full", full, 200)
                    .look("signup-embedded", full + "?embed=1", 200);
            assertEquals(28, browser.run().get("opened").intValue());
            signsUp(full);
            theirOwnPageThanksThem(segment);
            refusesOnPagesToo(full);
            sharesAMail();
        }
    }

    private void refusesOnPagesToo(String full) throws Exception {
        var soon = post("/segments", Map.of("name", "Soon gone"));
        var closed = form(soon, Map.of("name", "Closed"));
        service.send(key, "DELETE", "/segments/" + soon, "");
        var readers = post("/segments", Map.of("name", "Few readers"));
        var busy = form(readers, Map.of("name", "Busy", "max_per_hour", 1));
        Browser.assumeInstalled()
                .pressOnce(
                        "desktop", busy, signUp("first@inbox.example", "We have sent an email to"))
                .run();
        var seen =
                Browser.assumeInstalled()
                        .look("signup-closed", closed, 410)
                        .lookAfter(
                                "signup-refused",
                                full,
                                422,
                                new Step(
                                        Map.of("Email address", ".ada@inbox.example"),
                                        List.of("I would like to get the letter"),
                                        List.of(),
                                        "Send it to me",
                                        "Please write a whole email address"))
                        .lookAfter(
                                "signup-busy",
                                busy,
                                429,
                                signUp(
                                        "second@inbox.example",
                                        "This form was sent very often just now"))
                        .run();
        assertEquals(12, seen.get("opened").intValue());
    }

    private static Step signUp(String address, String see) {
        return new Step(Map.of("Email address", address), List.of(), List.of(), "Sign up", see);
    }

    private void signsUp(String form) throws Exception {
        for (String window : List.of("desktop", "phone")) {
            String address = window + "@inbox.example";
            Browser.assumeInstalled()
                    .pressOnce(
                            window,
                            form,
                            new Step(
                                    Map.of(
                                            "Email address",
                                            ".ada@inbox.example",
                                            "First name",
                                            "Ada"),
                                    List.of("I would like to get the letter"),
                                    List.of(),
                                    "Send it to me",
                                    "Please write a whole email address"),
                            new Step(
                                    Map.of("Email address", address),
                                    List.of(),
                                    List.of(),
                                    "Send it to me",
                                    "We have sent an email to " + address))
                    .run();
            String link = link(address);
            var shown = Browser.assumeInstalled().look("signup-confirm", link, 200).run();
            assertEquals(4, shown.get("opened").intValue());
            assertEquals(
                    404, service.get(key, "/contacts/" + address).statusCode(), "only looked at");
            Browser.assumeInstalled()
                    .pressOnce(
                            window,
                            link,
                            Step.see(address + " is going to get email from"),
                            Step.click("Yes, sign me up", "You are signed up"))
                    .look("signup-done", link, 200)
                    .run();
            var contact = get("/contacts/" + address);
            assertEquals("Ada", contact.get("first_name").stringValue());
            assertEquals(
                    "Readers",
                    get("/contacts/" + address + "/segments").at("/data/0/name").stringValue());
        }
    }

    // The policy of a page with a form also binds where its answer leads to.
    private void theirOwnPageThanksThem(String segment) throws Exception {
        try (var elsewhere = new Elsewhere()) {
            String form =
                    form(segment, Map.of("name", "Redirects", "redirect_url", elsewhere.url()));
            Browser.assumeInstalled()
                    .pressOnce(
                            "phone",
                            form,
                            signUp("eve@inbox.example", "Please look into your inbox"))
                    .run();
            Browser.assumeInstalled()
                    .pressOnce(
                            "phone",
                            link("eve@inbox.example"),
                            Step.click("Yes, sign me up", Elsewhere.WORDS))
                    .run();
        }
    }

    /// A site of somebody else.
    private static final class Elsewhere implements AutoCloseable {
        static final String WORDS = "Welcome to our own site";

        private final HttpServer server;

        Elsewhere() throws IOException {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] page = WORDS.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, page.length);
                        exchange.getResponseBody().write(page);
                        exchange.close();
                    });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/welcome";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private void sharesAMail() throws Exception {
        var mail =
                post(
                        "/emails",
                        Map.of(
                                "from", "Goat <goat@mailgoat.test>",
                                "to", "ada@inbox.example",
                                "subject", "The first letter",
                                "html",
                                        "<div style=\"font-family:sans-serif\"><h1 style=\"color:#e8590c\">Hello</h1>"
                                                + "<p>This is the <a href=\"https://goat.example\">first</a> letter.</p></div>",
                                "attachments",
                                        List.of(
                                                Map.of(
                                                        "filename",
                                                        "a-letter.txt",
                                                        "content",
                                                        "aGk="))));
        var url = share(mail);
        var text =
                share(
                        post(
                                "/emails",
                                Map.of(
                                        "from", "goat@mailgoat.test",
                                        "to", "ada@inbox.example",
                                        "subject", "Only text",
                                        "text", "Hello,\n\nno markup here.\n")));
        Browser.assumeInstalled()
                .look("shared", url, 200)
                .look("shared-text", text, 200)
                .look("shared-nothing", url + "A", 404)
                .run();
    }

    private String share(String mail) throws Exception {
        var answer = service.post(key, "/emails/" + mail + "/share", Map.of());
        return json(answer.body()).get("url").stringValue();
    }

    private String form(String segment, Map<String, Object> fields) throws Exception {
        var all = new HashMap<>(fields);
        all.put("segment_id", segment);
        all.put("from", "The Goat <goat@mailgoat.test>");
        var answer = service.post(key, "/signup-forms", all);
        assertEquals(201, answer.statusCode(), answer.body());
        return json(answer.body()).get("url").stringValue();
    }

    private String link(String address) throws Exception {
        var mails = new JsonNode[1];
        Service.await(
                "a mail to " + address,
                Duration.ofSeconds(10),
                () -> {
                    mails[0] = get("/emails?to=" + address).get("data");
                    return !mails[0].isEmpty();
                });
        String id = mails[0].get(0).get("id").stringValue();
        return get("/emails/" + id)
                .get("text")
                .stringValue()
                .lines()
                .filter(line -> line.contains("/signup/confirm/"))
                .findFirst()
                .orElseThrow();
    }

    private String post(String path, Object body) throws Exception {
        return json(service.post(key, path, body).body()).get("id").stringValue();
    }

    private JsonNode get(String path) {
        try {
            return json(service.get(key, path).body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }
}
