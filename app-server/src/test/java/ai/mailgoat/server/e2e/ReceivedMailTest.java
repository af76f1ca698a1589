package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.client.AdminClient;
import ai.mailgoat.common.client.ApiError;
import ai.mailgoat.common.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Mail put in at the admin port, read with a key, downloaded and shared without one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceivedMailTest {
    private Service service;
    private AdminClient admin;
    private String key;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        service = Service.on(data, Map.of());
        service.set("MAILGOAT_HTTP__PUBLIC_URL", service.url().toString());
        key = service.setup("sender.example").get("api_key").stringValue();
        service.start();
        admin = new AdminClient(service.adminUrl(), Files.readString(data.resolve("admin.token")));
    }

    @AfterAll
    void stop() {
        admin.close();
        http.close();
        service.close();
    }

    @Test
    void aMailIsPutInReadDownloadedAndShared() throws Exception {
        var file = new byte[3 * 1024 * 1024];
        new Random(1).nextBytes(file);
        String message =
                "From: ann@x.example\r\nSubject: Files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(file)
                        + "\r\n--b--\r\n";
        var made = put(List.of("in@sender.example"), "ann@x.example", message);
        assertEquals("email", made.get("object").stringValue());
        String id = made.get("id").stringValue();

        var mail = get("/emails/receiving/" + id);
        assertEquals("hello", mail.get("text").stringValue());
        assertEquals("[\"in@sender.example\"]", mail.get("received_for").toString());
        var raw = download(mail.get("raw").get("download_url").stringValue());
        assertEquals(message, new String(raw.body(), StandardCharsets.ISO_8859_1));
        var files = get("/emails/receiving/" + id + "/attachments").get("data");
        String url = files.get(0).get("download_url").stringValue();
        var download = download(url);
        Assertions.assertArrayEquals(file, download.body());
        assertEquals("nosniff", download.headers().firstValue("x-content-type-options").orElse(""));
        assertEquals("application/pdf", download.headers().firstValue("content-type").orElse(""));
        var head = send(HttpRequest.newBuilder(URI.create(url)).HEAD());
        assertEquals(200, head.statusCode());
        var broken = send(HttpRequest.newBuilder(URI.create(url + "A")));
        assertEquals(404, broken.statusCode());
        assertEquals("not_found", Json.tree(broken.body()).get("name").stringValue());

        var share = Json.tree(service.post(key, "/emails/" + id + "/share", "").body().getBytes());
        var page = download(share.get("url").stringValue());
        assertTrue(new String(page.body(), StandardCharsets.UTF_8).contains("<pre>hello</pre>"));

        var metrics = get("/emails/metrics?metrics=received&dimensions=domain");
        assertEquals("{\"received\":1}", metrics.get("totals").toString());
        assertEquals("sender.example", metrics.get("data").get(0).get("domain_name").stringValue());
    }

    @Test
    void whatCannotBePutInIsRefused() {
        refused(Map.of("message", "aGk="), "Missing `to` field.");
        refused(Map.of("to", List.of("in@x.example")), "Missing `message` field.");
        refused(Map.of("to", "x", "message", "aGk="), "Invalid `to` field.");
        refused(
                Map.of("to", "in@x.example", "from", "x", "message", "aGk="),
                "Invalid `from` field.");
        refused(Map.of("to", "in@x.example", "message", "?"), "Invalid `message` field.");
        refused(
                Map.of("to", "in@x.example", "message", 7),
                "The `message` field must be a string.");
        refused(List.of(), "The request body must be a JSON object.");
    }

    private JsonNode put(List<String> to, String from, String message) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        return admin.call(
                "POST",
                "/v1/received",
                Map.of(
                        "to",
                        to,
                        "from",
                        from,
                        "message",
                        Base64.getEncoder().encodeToString(octets)));
    }

    private void refused(Object body, String message) {
        var error =
                Assertions.assertThrows(
                        ApiError.class, () -> admin.call("POST", "/v1/received", body));
        assertTrue(String.valueOf(error.getMessage()).contains(message), error.getMessage());
    }

    private JsonNode get(String path) throws Exception {
        return Json.tree(service.get(key, path).body().getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> download(String url) throws Exception {
        var answer = send(HttpRequest.newBuilder(URI.create(url)));
        assertEquals(200, answer.statusCode());
        return answer;
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
