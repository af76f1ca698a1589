package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.bench.ContactImport;
import ai.mailgoat.server.bench.Filling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `bench --stored` puts into a database is what the service itself would have: all of it is
/// read back over HTTP.
class FillingTest {
    private static final int COUNT = 250;

    private Service service;
    private String key;

    @Test
    void allThatWasFilledInCanBeRead(@TempDir Path data) throws Exception {
        service = Service.on(data, Map.of("MAILGOAT_DELIVERY__MODE", "capture"));
        key = service.setup("sender.example").get("api_key").stringValue();
        var filled = Filling.fill(data, "sender.example", COUNT, done -> {});
        assertEquals(COUNT, filled.emails().size());
        try (var running = service) {
            running.start();
            emails(filled);
            contacts(filled);
            segments(filled);
            var imported = ContactImport.run(service.url(), key, 300);
            assertTrue(imported.isRight(), imported.toString());
            assertEquals(COUNT + 300, all("/contacts").size());
        }
    }

    @Test
    void theMeasurementRuns(@TempDir Path dir) throws Exception {
        var bench = Service.on(dir, Map.of());
        var figures =
                Json.tree(
                        bench.command(
                                        "bench",
                                        "--stored=100",
                                        "--imported=200",
                                        "--messages=100",
                                        "--warm-up=10",
                                        "--json",
                                        "--dir=" + dir)
                                .getBytes(StandardCharsets.UTF_8));
        assertEquals(100, figures.get("stored").intValue());
        assertEquals(200, figures.get("imported").get("created").intValue());
        assertEquals("completed", figures.get("imported").get("status").stringValue());
        assertTrue(figures.get("acceptance").get("per_second").doubleValue() > 0);
        assertTrue(figures.get("acceptance").get("empty_per_second").doubleValue() > 0);
        assertTrue(figures.get("readings").size() >= 15);
        for (var reading : figures.get("readings")) {
            double p50 = reading.get("p50_millis").doubleValue();
            assertTrue(
                    p50 > 0 && p50 <= reading.get("p99_millis").doubleValue(), reading.toString());
        }
    }

    private void emails(Filling.Filled filled) throws Exception {
        var listed = all("/emails");
        assertEquals(texts(filled.emails()), ids(listed).reversed());
        for (var row : listed) {
            assertEquals("delivered", row.get("last_event").stringValue());
            String id = row.get("id").stringValue();
            var email = get("/emails/" + id);
            assertEquals(row.get("to"), email.get("to"));
            assertEquals("email", email.get("object").stringValue());
            String text = email.get("text").stringValue();
            assertTrue(email.get("html").stringValue().contains(text));
            assertEquals("order", email.get("tags").get(0).get("value").stringValue());
        }
        var story = service.admin("/v1/emails/" + filled.emails().getFirst() + "/timeline");
        var types = new ArrayList<String>();
        story.get("events").forEach(event -> types.add(event.get("type").stringValue()));
        assertEquals(List.of("email.sent", "email.delivered", "email.opened"), types);
        assertEquals(1, story.get("attempts").size());
        assertEquals("delivered", story.get("attempts").get(0).get("outcome").stringValue());
    }

    private void contacts(Filling.Filled filled) throws Exception {
        assertEquals(texts(filled.contacts()), ids(all("/contacts")).reversed());
        for (int i = 0; i < COUNT; i++) {
            var contact = get("/contacts/" + filled.contacts().get(i));
            assertEquals(filled.addresses().get(i), contact.get("email").stringValue());
            assertEquals(i % 50 == 0, contact.get("unsubscribed").booleanValue());
            var properties = contact.get("properties");
            assertEquals(
                    "Company " + i % 300, properties.get("company").get("value").stringValue());
            assertEquals(18 + i % 60, properties.get("age").get("value").intValue());
            assertEquals(contact, get("/contacts/" + filled.addresses().get(i)));
        }
    }

    private void segments(Filling.Filled filled) throws Exception {
        assertEquals(11, all("/segments").size());
        assertEquals(COUNT, all("/segments/" + filled.everyone() + "/contacts").size());
        assertEquals(COUNT / 10, all("/segments/" + filled.few() + "/contacts").size());
        assertEquals(2, all("/contacts/" + filled.contacts().getFirst() + "/segments").size());
    }

    private JsonNode get(String path) throws Exception {
        var answer = service.get(key, path);
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /// All pages of a list, a few rows on each.
    private List<JsonNode> all(String path) throws Exception {
        var rows = new ArrayList<JsonNode>();
        var page = get(path + "?limit=60");
        page.get("data").forEach(rows::add);
        while (page.get("has_more").booleanValue()) {
            String last = rows.getLast().get("id").stringValue();
            page = get(path + "?limit=60&after=" + last);
            page.get("data").forEach(rows::add);
        }
        assertEquals(rows.size(), new LinkedHashSet<>(ids(rows)).size());
        return rows;
    }

    private static List<String> ids(List<JsonNode> rows) {
        return rows.stream().map(row -> row.get("id").stringValue()).toList();
    }

    private static List<String> texts(List<?> ids) {
        return ids.stream().map(Object::toString).toList();
    }
}
