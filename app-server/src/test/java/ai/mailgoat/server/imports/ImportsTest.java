package ai.mailgoat.server.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.team.TwoTeams.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportsTest {
    private static final String TWO = "email,first_name\na@b.example,Ann\nc@d.example,Cid\n";

    @TempDir Path directory;
    private ImportFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ImportFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anImportRunsInTheBackground() {
        var made = fixture.upload(TWO);
        assertEquals(201, made.status(), () -> made.body().toString());
        assertEquals("contact_import", made.text("object"));
        String id = made.text("id");
        assertEquals(List.of(id + ".csv"), fixture.files());
        assertEquals(
                "{\"object\":\"contact_import\",\"id\":\"%s\",\"status\":\"queued\",\"created_at\":\"2026-03-01 10:00:00.123456+00\",\"completed_at\":null,\"counts\":%s,\"failure\":null,\"errors\":[]}"
                        .formatted(id, counts(0, 0, 0, 0, 0)),
                fixture.get(id).toString());
        fixture.teams.pass(Duration.ofSeconds(3));
        fixture.start();
        var ended = fixture.ended(id);
        assertEquals("completed", ended.get("status").asString());
        assertEquals("2026-03-01 10:00:03.123456+00", ended.get("completed_at").asString());
        assertEquals(counts(2, 2, 0, 0, 0), ended.get("counts").toString());
        assertEquals(
                List.of("a@b.example|Ann|null|false", "c@d.example|Cid|null|false"),
                fixture.contacts());
        assertEquals(List.of(), fixture.files());
        assertEquals(0, fixture.count("event"));
    }

    @Test
    void aRunnerIsToldOfANewFile() {
        fixture.start();
        var ended = fixture.ended(fixture.upload(TWO).text("id"));
        assertEquals("completed", ended.get("status").asString());
    }

    @Test
    void columnsMayBearAnyName() {
        String segment = fixture.call("POST", "/segments", "{\"name\":\"s\"}").text("id");
        String topic =
                fixture.call(
                                "POST",
                                "/topics",
                                "{\"name\":\"t\",\"default_subscription\":\"opt_in\"}")
                        .text("id");
        fixture.call("POST", "/contact-properties", "{\"key\":\"plan\",\"type\":\"string\"}");
        fixture.call("POST", "/contact-properties", "{\"key\":\"age\",\"type\":\"number\"}");
        var made =
                fixture.upload(
                        """
                        "E-Mail",Vorname,Plan,Alter,Abgemeldet
                         A@b.example ,"Anna ""Ann""
                        Maria",gold,41.5,TRUE
                        c@d.example,,,,
                        e@f.example,,,old,
                        """,
                        Map.of(
                                "column_map",
                                """
                                {"email":"E-Mail","first_name":"Vorname","unsubscribed":"Abgemeldet","properties":
                                 {"plan":"Plan","age":{"column":"Alter","type":"number"}}}\
                                """,
                                "segments",
                                "[{\"id\":\"" + segment + "\"}]",
                                "topics",
                                "[{\"id\":\"" + topic + "\",\"subscription\":\"opt_out\"}]",
                                "on_conflict",
                                "upsert"));
        assertEquals(201, made.status(), () -> made.body().toString());
        fixture.start();
        var ended = fixture.ended(made.text("id"));
        assertEquals(counts(3, 2, 0, 0, 1), ended.get("counts").toString());
        assertEquals(
                List.of(
                        "4 The property `age` must be a number between -9007199254740991 and 9007199254740991."),
                errors(ended));
        assertEquals(
                List.of("A@b.example|Anna \"Ann\"\nMaria|null|true", "c@d.example|null|null|false"),
                fixture.contacts());
        assertEquals(2, fixture.count("segment_contact"));
        assertEquals(2, fixture.count("contact_topic"));
        var values =
                fixture.teams
                        .store
                        .read(tx ->
                                tx.query(
                                        "SELECT properties FROM contact ORDER BY address",
                                        row -> row.string("properties")))
                        .getFirst();
        assertTrue(values.contains("\"gold\"") && values.contains("41.5"), values);
    }

    @ParameterizedTest
    @CsvSource({"upsert, 2, 0", "skip, 0, 2"})
    void knownAddressesAreChangedOrLeft(String rule, int updated, int skipped) {
        fixture.start();
        fixture.ended(fixture.upload(TWO).text("id"));
        var made =
                fixture.upload(
                        "email,first_name,last_name,unsubscribed\nA@B.example,,Lee,1\nc@d.example,Cid,,\n",
                        Map.of("on_conflict", rule));
        var ended = fixture.ended(made.text("id"));
        assertEquals(counts(2, 0, updated, skipped, 0), ended.get("counts").toString());
        assertEquals(
                rule.equals("skip") ? "Ann|null|false" : "Ann|Lee|true",
                fixture.contacts().getFirst().substring("a@b.example|".length()));
    }

    @Test
    void rowsThatCannotBeAreCountedAndNamed() {
        fixture.start();
        String csv =
                String.join(
                        "\r\n",
                        "email,first_name,unsubscribed",
                        "a@b.example,Ann,no",
                        "nobody,X,",
                        "",
                        ",,",
                        "c@d.example,a,b,c",
                        "c@d.example,a,,,",
                        "d@d.example",
                        ",Nameless,",
                        "e@f.example,\0,",
                        "e@f.example,x,perhaps",
                        "e@f.example," + "x".repeat(201) + ",",
                        "z@f.example,Last,");
        var ended = fixture.ended(fixture.upload(csv).text("id"));
        assertEquals("completed", ended.get("status").asString());
        assertEquals(
                List.of(
                        "3 Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                        "6 The row has 4 fields, the header has 3.",
                        "9 Missing `email` field.",
                        "10 Invalid `first_name` field. Control characters are not allowed.",
                        "11 The `unsubscribed` field must be `true` or `false`.",
                        "12 The `first_name` field must have at most 200 characters."),
                errors(ended));
        assertEquals(counts(10, 4, 0, 0, 6), ended.get("counts").toString());
        assertEquals(
                List.of(
                        "a@b.example|Ann|null|false",
                        "c@d.example|a|null|false",
                        "d@d.example|null|null|false",
                        "z@f.example|Last|null|false"),
                fixture.contacts());
    }

    @Test
    void onlyTheFirstHundredErrorsAreKept() {
        fixture.start();
        var ended = fixture.ended(fixture.upload("email\n" + "nobody\n".repeat(2_500)).text("id"));
        assertEquals(counts(2_500, 0, 0, 0, 2_500), ended.get("counts").toString());
        assertEquals(100, ended.get("errors").size());
    }

    @Test
    void byteOrderMarksAndSeparatorsAreUnderstood() {
        fixture.start();
        fixture.ended(fixture.upload("\uFEFFemail,first_name\na@b.example,Äh\n").text("id"));
        fixture.ended(
                fixture.upload(
                                "\uFEFFemail;\"first_name\"\nb@b.example;Öh\n",
                                StandardCharsets.UTF_16LE)
                        .text("id"));
        fixture.ended(fixture.upload("\"email\";\"first_name\"\nc@b.example;Üh\n").text("id"));
        fixture.ended(fixture.upload("email\tfirst_name\rd@b.example\tEh, ja\r").text("id"));
        assertEquals(
                List.of(
                        "a@b.example|Äh|null|false",
                        "b@b.example|Öh|null|false",
                        "c@b.example|Üh|null|false",
                        "d@b.example|Eh, ja|null|false"),
                fixture.contacts());
    }

    @Test
    void aRowInAnotherEncodingFails() {
        fixture.start();
        var made =
                fixture.upload(
                        "email,first_name\na@b.example,Jörg\nc@d.example,Cid\n",
                        StandardCharsets.ISO_8859_1);
        var ended = fixture.ended(made.text("id"));
        assertEquals(counts(2, 1, 0, 0, 1), ended.get("counts").toString());
        assertEquals(List.of("2 The row is not UTF-8."), errors(ended));
    }

    @Test
    void aFileThatCannotBeReadFurtherFailsBehindWhatWasApplied() {
        fixture.start();
        String giant = "email,first_name\na@b.example,Ann\nc@d.example," + "x".repeat(150_000);
        var ended = fixture.ended(fixture.upload(giant).text("id"));
        assertEquals("failed", ended.get("status").asString());
        String failure = ended.get("failure").asString();
        assertTrue(failure.startsWith("The CSV file cannot be read: "), failure);
        assertEquals(counts(1, 1, 0, 0, 0), ended.get("counts").toString());
        String open = "email,first_name\nb@b.example,Bea\nc@d.example,\"never\nends\n";
        var second = fixture.ended(fixture.upload(open).text("id"));
        assertEquals("failed", second.get("status").asString());
        assertEquals(
                List.of("a@b.example|Ann|null|false", "b@b.example|Bea|null|false"),
                fixture.contacts());
        assertEquals(List.of(), fixture.files());
    }

    @Test
    void aHeaderAloneIsAnImportOfNothing() {
        fixture.start();
        var ended = fixture.ended(fixture.upload("email").text("id"));
        assertEquals("completed", ended.get("status").asString());
        assertEquals(counts(0, 0, 0, 0, 0), ended.get("counts").toString());
    }

    @Test
    void badFilesAreRefused() {
        invalid("The CSV file is empty.", fixture.upload(""));
        invalid(
                "The CSV file has no column `email`, which is to have the email addresses.",
                fixture.upload("Email,Name\na@b.example,x\n"));
        invalid("The CSV file has the column `email` twice.", fixture.upload("email,email\n"));
        invalid(
                "The header of the CSV file is not UTF-8.",
                fixture.upload("email,n\u00e4me\n", StandardCharsets.ISO_8859_1));
        assertEquals(422, fixture.upload("x".repeat(300_000)).status());
        assertEquals(422, fixture.upload("a,".repeat(2_000) + "email").status());
        assertEquals(422, fixture.upload("\"email").status());
        assertEquals(List.of(), fixture.files());
    }

    @Test
    void badFieldsAreRefused() {
        invalid(
                "The CSV file has no column `Name`.",
                with("column_map", "{\"last_name\":\"Name\"}"));
        invalid("The `column_map` field is not valid JSON.", with("column_map", "{"));
        invalid("`column_map` must be a JSON object.", with("column_map", "[]"));
        invalid(
                "The `column_map.email` field must be a string.",
                with("column_map", "{\"email\":7}"));
        invalid(
                "The property `plan` of `column_map` does not exist. Create it before importing.",
                with("column_map", "{\"properties\":{\"plan\":\"Plan\"}}"));
        invalid(
                "Invalid `on_conflict` field. It must be one of: upsert, skip.",
                with("on_conflict", "merge"));
        invalid("The `segments` field must be a JSON array.", with("segments", "{}"));
        invalid("A field of the form has more than 65536 bytes.", with("x", "x".repeat(70_000)));
        refused(
                422,
                "invalid_parameter",
                "The `segments[].id` must be a valid UUID.",
                with("segments", "[\"x\"]"));
        String unknown = "018f0000-0000-7000-8000-000000000001";
        refused(
                422,
                "missing_required_field",
                "Missing `topics[].subscription` field.",
                with("topics", "[{\"id\":\"" + unknown + "\"}]"));
        var teams = fixture.teams;
        String other = teams.call(teams.other, "POST", "/segments", "{\"name\":\"s\"}").text("id");
        assertEquals(404, with("segments", "[\"" + other + "\"]").status());
        refused(
                404,
                "not_found",
                "Topic not found",
                with("topics", "[{\"id\":\"" + unknown + "\",\"subscription\":\"opt_in\"}]"));
        fixture.call("POST", "/contact-properties", "{\"key\":\"plan\",\"type\":\"string\"}");
        invalid(
                "The property `plan` is of type `string`, not `number`.",
                with(
                        "column_map",
                        "{\"properties\":{\"plan\":{\"column\":\"first_name\",\"type\":\"number\"}}}"));
    }

    @Test
    void badFormsAreRefused() {
        invalid("The request body must be multipart/form-data.", raw("application/json", "{}"));
        String malformed = "The request body is not well-formed multipart/form-data.";
        invalid(malformed, raw("multipart/form-data", "x"));
        String head = "--xyz\r\nContent-Disposition: form-data; name=";
        for (String body :
                List.of(
                        "--xyz\r\nnothing\r\n",
                        head + "\"file\"; filename=\"x\"\r\n\r\nemail\n",
                        head + "\"" + "n".repeat(10_000) + "\"\r\n\r\nb\r\n--xyz--\r\n")) {
            invalid(malformed, raw(ImportFixture.TYPE, body));
        }
        for (String body : List.of("", "--xyz--", head + "\"a\"\r\n\r\nb\r\n--xyz--\r\n")) {
            var reply = raw(ImportFixture.TYPE, body);
            assertEquals(422, reply.status(), body);
        }
        String file = head + "\"file\"\r\n\r\nemail\r\n";
        invalid(
                "The form has more than one `file`.",
                raw(ImportFixture.TYPE, file + file + "--xyz--\r\n"));
        invalid(
                "The form has more than 50 parts.",
                raw(ImportFixture.TYPE, (head + "\"a\"\r\n\r\nb\r\n").repeat(51) + "--xyz--\r\n"));
    }

    @Test
    void tenMayWait() {
        for (int i = 0; i < 10; i++) {
            assertEquals(201, fixture.upload(TWO).status());
        }
        var more = fixture.upload(TWO);
        assertEquals(422, more.status());
        assertEquals(
                "There are 10 imports waiting already. Try again when one has ended.",
                more.text("message"));
        assertEquals(10, fixture.files().size());
        byte[] csv = TWO.getBytes(StandardCharsets.UTF_8);
        assertEquals(201, fixture.upload(fixture.teams.other, csv, Map.of()).status());
    }

    @Test
    void listsPageAndFilter() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            ids.add(fixture.upload(TWO).text("id"));
        }
        fixture.start();
        ids.forEach(fixture::ended);
        assertEquals(ids.reversed(), list(""));
        var first = fixture.call("GET", "/contacts/imports?limit=2", "");
        assertEquals("list", first.text("object"));
        assertEquals("true", first.text("has_more"));
        assertEquals(ids.reversed().subList(0, 2), ids(first));
        assertEquals(ids.subList(0, 1), list("?after=" + ids.get(1)));
        assertEquals(ids.reversed().subList(0, 2), list("?before=" + ids.get(0)));
        assertEquals(ids.reversed(), list("?status=completed"));
        assertEquals(List.of(), list("?status=queued"));
        var item = fixture.call("GET", "/contacts/imports", "").body().get("data").get(2);
        assertEquals("contact_import", item.get("object").asString());
        assertEquals(counts(2, 2, 0, 0, 0), item.get("counts").toString());
        var bad = fixture.call("GET", "/contacts/imports?status=done", "");
        assertEquals(422, bad.status());
        assertEquals(
                "Invalid `status` parameter. It must be one of: queued, in_progress, completed, failed.",
                bad.text("message"));
    }

    @Test
    void anotherTeamsImportIsNotThere() {
        String id = fixture.upload(TWO).text("id");
        var other = fixture.teams.other;
        var reply = fixture.teams.call(other, "GET", "/contacts/imports/" + id, "");
        assertEquals(404, reply.status());
        assertEquals("Contact import not found", reply.text("message"));
        var list = fixture.teams.call(other, "GET", "/contacts/imports", "");
        assertEquals(List.of(), ids(list));
        assertEquals(422, fixture.call("GET", "/contacts/imports/x", "").status());
    }

    @Test
    void goesOnAtTheNextRowAfterARestart() {
        var csv = new StringBuilder("email\n");
        for (int i = 0; i < 20_000; i++) {
            csv.append("user").append(i).append("@b.example\n").append(i % 10 == 0 ? "\n" : "");
        }
        String id = fixture.upload(csv.toString()).text("id");
        int runs = 0;
        while (fixture.get(id).get("completed_at").isNull()) {
            var runner = fixture.start();
            LockSupport.parkNanos(100_000_000);
            runner.close();
            runs++;
        }
        assertTrue(runs > 1, "it was never interrupted");
        // Were a row taken twice, it would count as updated.
        assertEquals(counts(20_000, 20_000, 0, 0, 0), fixture.get(id).get("counts").toString());
        assertEquals(20_000, fixture.count("contact"));
    }

    @Test
    void whatACrashLeftBehindIsRemoved() throws IOException {
        String id = fixture.upload(TWO).text("id");
        var folder = directory.resolve("imports");
        Files.writeString(folder.resolve("018f0000-0000-7000-8000-000000000001.csv"), "x");
        fixture.imports.clear();
        assertEquals(List.of(id + ".csv"), fixture.files());
        Files.delete(folder.resolve(id + ".csv"));
        fixture.start();
        var ended = fixture.ended(id);
        assertEquals("failed", ended.get("status").asString());
        assertEquals("The file is gone.", ended.get("failure").asString());
    }

    private Reply with(String field, String value) {
        return fixture.upload(TWO, Map.of(field, value));
    }

    private Reply raw(String contentType, String body) {
        return fixture.raw(fixture.teams.acme, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private void invalid(String message, Reply reply) {
        refused(422, "validation_error", message, reply);
    }

    private void refused(int status, String name, String message, Reply reply) {
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(0, fixture.count("contact_import"));
        assertEquals(List.of(), fixture.files());
    }

    private static String counts(int total, int created, int updated, int skipped, int failed) {
        return "{\"total\":%d,\"created\":%d,\"updated\":%d,\"skipped\":%d,\"failed\":%d}"
                .formatted(total, created, updated, skipped, failed);
    }

    private static List<String> errors(tools.jackson.databind.JsonNode job) {
        var errors = new ArrayList<String>();
        job.get("errors")
                .forEach(e -> errors.add(e.get("row") + " " + e.get("message").asString()));
        return errors;
    }

    private List<String> list(String query) {
        return ids(fixture.call("GET", "/contacts/imports" + query, ""));
    }

    private static List<String> ids(Reply list) {
        var ids = new ArrayList<String>();
        list.body().get("data").forEach(item -> ids.add(item.get("id").asString()));
        return ids;
    }
}
