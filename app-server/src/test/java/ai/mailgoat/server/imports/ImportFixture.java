package ai.mailgoat.server.imports;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.property.PropertyRoutes;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Imports on a real database, with a runner when it is started.
final class ImportFixture implements AutoCloseable {
    static final String TYPE = "multipart/form-data; boundary=xyz";

    final Path directory;
    final TwoTeams teams;
    final Imports imports;
    private final Contacts contacts;
    private final List<ImportRunner> runners = new ArrayList<>();

    ImportFixture(Path directory) {
        this.directory = directory;
        teams = new TwoTeams(directory);
        var store = teams.store;
        var clock = teams.clock();
        var events = new Events(teams.ids, new WebhookCalls(teams.ids));
        var leftovers = new Leftovers(store);
        var properties = new Properties(store, clock, teams.ids);
        var segments = new Segments(store, leftovers, clock, teams.ids);
        var topics = new Topics(store, leftovers, events::record, clock, teams.ids);
        contacts =
                new Contacts(
                        store, properties, segments, topics, leftovers, events, clock, teams.ids);
        imports = new Imports(store, contacts, segments, topics, directory, clock, teams.ids);
        new PropertyRoutes(properties).register(teams.endpoints);
        new SegmentRoutes(segments).register(teams.endpoints);
        new TopicRoutes(topics).register(teams.endpoints);
        new ImportRoutes(imports).register(teams.endpoints);
    }

    ImportRunner start() {
        var runner = new ImportRunner(teams.store, contacts, imports, teams.clock());
        runners.add(runner);
        runner.start();
        return runner;
    }

    Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body);
    }

    Reply upload(String csv) {
        return upload(csv, Map.of());
    }

    Reply upload(String csv, Map<String, String> fields) {
        return upload(teams.acme, csv.getBytes(StandardCharsets.UTF_8), fields);
    }

    Reply upload(String csv, Charset charset) {
        return upload(teams.acme, csv.getBytes(charset), Map.of());
    }

    Reply upload(TeamId team, byte[] csv, Map<String, String> fields) {
        var body = new ByteArrayOutputStream();
        fields.forEach((name, value) -> body.writeBytes(part(name, "", value)));
        byte[] file = part("file", "; filename=\"a.csv\"\r\nContent-Type: text/csv", "");
        body.write(file, 0, file.length - 2);
        body.writeBytes(csv);
        body.writeBytes("\r\n--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
        return raw(team, TYPE, body.toByteArray());
    }

    private static byte[] part(String name, String more, String content) {
        return ("--xyz\r\nContent-Disposition: form-data; name=\""
                        + name
                        + "\""
                        + more
                        + "\r\n\r\n"
                        + content
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    Reply raw(TeamId team, String contentType, byte[] body) {
        try {
            var file = Files.createTempFile(directory, "upload", null);
            Files.write(file, body);
            return teams.upload(team, "/contacts/imports", contentType, file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode get(String id) {
        return call("GET", "/contacts/imports/" + id, "").body();
    }

    /// The import once it has ended.
    JsonNode ended(String id) {
        for (int i = 0; i < 1_200; i++) {
            var job = get(id);
            if (!job.get("completed_at").isNull()) {
                return job;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("still " + get(id));
    }

    /// All contacts of the first team: address, names, whether unsubscribed.
    List<String> contacts() {
        return teams.store.read(tx ->
                tx.query(
                        "SELECT email, first_name, last_name, unsubscribed FROM contact WHERE team_id = ? ORDER BY address",
                        row ->
                                row.string("email")
                                        + "|"
                                        + row.stringOrNull("first_name")
                                        + "|"
                                        + row.stringOrNull("last_name")
                                        + "|"
                                        + row.bool("unsubscribed"),
                        teams.acme.value()));
    }

    int count(String table) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    List<String> files() {
        var folder = directory.resolve("imports");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        runners.forEach(ImportRunner::close);
        teams.close();
    }
}
