package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dkim.DkimResult;
import ai.mailgoat.server.dkim.DkimVerifier;
import ai.mailgoat.server.dns.Resolvers;
import ai.mailgoat.server.dns.TestDnsServer;
import ai.mailgoat.server.message.MessageReader;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;

/// A mail whose links are tracked, from the domain's record to the webhook of a click: what
/// scanners do is kept and told to nobody.
class TrackedMailTest {
    private static final String TARGET = "https://shop.example/sale?a=1&b=2";
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final HttpClient browser = HttpClient.newHttpClient();
    private final List<JsonNode> hooks = new CopyOnWriteArrayList<>();

    @Test
    void scannersChangeNothingAndAPersonIsTold(@TempDir Path data) throws Exception {
        var receiver = receiver();
        try (var dns = new TestDnsServer();
                var sink = new SmtpSink(true)) {
            TestZone.receives(dns, "inbox.example");
            var environment = new HashMap<>(Service.local(dns.address(), sink.port()));
            environment.put("MAILGOAT_OUTBOUND__ALLOW_PRIVATE", "127.0.0.0/8");
            environment.put("MAILGOAT_HOSTNAME", "mx.goat.example");
            dns.add("mx.goat.example", Type.A, 60, "198.51.100.1");
            dns.add("links.sender.example", Type.CNAME, 60, "mx.goat.example.");
            try (var service = Service.on(data, environment)) {
                var setup = service.setup("sender.example");
                TestZone.publish(dns, setup.get("domain"));
                String key = setup.get("api_key").stringValue();
                service.start();
                verify(service, key, "/domains/" + setup.get("domain").get("id").stringValue());
                service.post(
                        key,
                        "/webhooks",
                        Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                                "events",
                                List.of("email.opened", "email.clicked")));
                follow(service, key, dns, sink);
                assertEquals(0, service.terminate());
            }
        } finally {
            receiver.stop(0);
        }
    }

    private void follow(Service service, String key, TestDnsServer dns, SmtpSink sink)
            throws Exception {
        String html = "<body><a href=\"https://shop.example/sale?a=1&amp;b=2\">Sale</a></body>";
        var mail =
                Map.of(
                        "from", "a@sender.example",
                        "to", "someone@inbox.example",
                        "subject", "Sale",
                        "html", html);
        String id = json(service.post(key, "/emails", mail)).get("id").stringValue();
        await(service, key, "/emails/" + id, "last_event", "delivered");
        byte[] raw = sink.received().getFirst().message().getBytes(StandardCharsets.UTF_8);
        var resolvers =
                new Resolvers(List.of(dns.address()), Duration.ofSeconds(3), Clock.systemUTC());
        new DkimVerifier()
                .verify(raw, resolvers, Instant.now())
                .forEach(r -> assertEquals(DkimResult.Status.PASS, r.status(), r.reason()));
        String received = Objects.requireNonNull(MessageReader.read(raw).html());
        var links = LINK.matcher(received).results().map(found -> found.group(1)).toList();
        assertEquals(2, links.size(), received);
        for (String link : links) {
            assertTrue(
                    link.startsWith("http://links.sender.example:" + service.url().getPort()),
                    link);
        }
        var click = service.url().resolve(URI.create(links.get(0)).getRawPath());
        var open = service.url().resolve(URI.create(links.get(1)).getRawPath());

        var head = ask(click, "HEAD", Map.of());
        assertEquals(302, head.statusCode());
        assertEquals(TARGET, head.headers().firstValue("location").orElseThrow());
        assertEquals(302, ask(click, "GET", Map.of("Sec-Purpose", "prefetch")).statusCode());
        assertEquals(302, ask(click, "GET", Map.of("User-Agent", "curl/8")).statusCode());
        assertEquals(200, ask(open, "HEAD", Map.of()).statusCode());
        var altered = URI.create(click.toString().replaceFirst("/c/A", "/c/B"));
        assertEquals(404, ask(altered, "GET", Map.of()).statusCode());
        assertEquals(405, ask(click, "POST", Map.of()).statusCode());
        await(service, key, "/emails/" + id, "last_event", "delivered");

        Thread.sleep(3_200);
        var pixel = ask(open, "GET", Map.of());
        assertEquals("image/gif", pixel.headers().firstValue("content-type").orElseThrow());
        var answer = ask(click, "GET", Map.of());
        assertEquals(302, answer.statusCode());
        assertEquals(TARGET, answer.headers().firstValue("location").orElseThrow());
        assertEquals("", answer.body());
        await(service, key, "/emails/" + id, "last_event", "clicked");
        Service.await("webhooks", Duration.ofSeconds(10), () -> hooks.size() == 2);
        assertEquals(
                TARGET,
                hooks.stream()
                        .filter(h -> h.get("type").stringValue().equals("email.clicked"))
                        .findFirst()
                        .orElseThrow()
                        .at("/data/click/link")
                        .stringValue());
        var figures =
                json(
                        service.get(
                                key,
                                "/emails/metrics?metrics=opened,clicked,machine_opened,machine_clicked"));
        assertEquals(
                "{\"opened\":1,\"clicked\":1,\"machine_opened\":1,\"machine_clicked\":3}",
                figures.get("totals").toString());
    }

    private void verify(Service service, String key, String domain) throws Exception {
        var answer =
                service.send(
                        key,
                        "PATCH",
                        domain,
                        Map.of(
                                "open_tracking",
                                true,
                                "click_tracking",
                                true,
                                "tracking_subdomain",
                                "links"));
        assertEquals(200, answer.statusCode(), answer.body());
        service.post(key, domain + "/verify", "");
        Service.await(
                "all records",
                Duration.ofSeconds(20),
                () ->
                        get(service, key, domain)
                                .get("records")
                                .valueStream()
                                .allMatch(r -> r.get("status").stringValue().equals("verified")));
    }

    private HttpResponse<String> ask(URI url, String method, Map<String, String> headers)
            throws Exception {
        var all = new HashMap<String, String>();
        all.put("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
        all.putAll(headers);
        var request =
                HttpRequest.newBuilder(url).method(method, HttpRequest.BodyPublishers.noBody());
        all.forEach(request::header);
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void await(
            Service service, String key, String path, String field, String value) {
        Service.await(
                path + " is " + value,
                Duration.ofSeconds(30),
                () -> get(service, key, path).get(field).stringValue().equals(value));
    }

    private static JsonNode get(Service service, String key, String path) {
        try {
            return json(service.get(key, path));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private HttpServer receiver() throws Exception {
        var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    hooks.add(Json.tree(exchange.getRequestBody().readAllBytes()));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        receiver.start();
        return receiver;
    }
}
