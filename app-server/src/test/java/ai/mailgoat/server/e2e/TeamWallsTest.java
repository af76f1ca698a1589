package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// One team has one object of every kind; another asks for each of them, in every way there is. The
/// operations are those of the document: one that knows no object here fails.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TeamWallsTest {
    /// Deleting what is not there succeeds, and changes nothing.
    private static final Set<String> DELETES_ANYTHING = Set.of("/segments/{}", "/audiences/{}");

    /// Lists in which the other team has rows of its own.
    private static final Set<String> HAS_OWN = Set.of("/api-keys", "/domains", "/logs");

    private Installation installation;
    private OpenApi document;
    private OneOfEach objects;
    private Map<String, ?> before;
    private String stranger;

    @BeforeAll
    void fill(@TempDir Path data) throws Exception {
        var capture = Map.of("MAILGOAT_DELIVERY__MODE", "capture");
        installation = Installation.start(data, 25, capture);
        document = OpenApi.of(installation.service());
        stranger = installation.service().otherTeam("Strangers");
        objects = new OneOfEach(installation.service(), document, installation.key(), stranger);
        objects.make();
        before = objects.look();
    }

    @AfterAll
    void nothingHasChanged() {
        var after = objects.look();
        installation.close();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((path, node) -> assertEquals(node, after.get(path), path));
    }

    @Test
    void everyKindIsThere() {
        var missing =
                document.operations().stream()
                        .filter(o -> o.path().contains("{") && !isPublic(o))
                        .filter(o -> objects.known().first(o.path()).isEmpty())
                        .map(Operation::toString)
                        .collect(Collectors.toSet());
        assertEquals(Set.of(), missing, "OneOfEach makes nothing that these are for");
    }

    @Test
    void idsOfAnotherTeamAreNotFound() {
        var checks = new ArrayList<Executable>();
        var sampler = new Sampler(document, objects.known());
        for (var operation : document.operations()) {
            if (!operation.path().contains("{") || isPublic(operation)) {
                continue;
            }
            String path = OneOfEach.path(operation, objects.known().first(operation.path()));
            var draft = sampler.draft(operation, stranger, new SplittableRandom(1));
            document.body(operation)
                    .filter(body -> body.contentType().equals(OpenApi.JSON))
                    .ifPresent(body ->
                            draft.tree =
                                    sampler.least(
                                            operation, body.schema(), new SplittableRandom(1)));
            draft.write();
            checks.add(() -> {
                var answer = call(operation.method(), path, draft);
                String what = operation + " " + path + ": " + answer.body();
                if (operation.method().equals("DELETE")
                        && DELETES_ANYTHING.contains(operation.shape())) {
                    assertEquals(200, answer.statusCode(), what);
                } else {
                    assertEquals(404, answer.statusCode(), what);
                    assertEquals("not_found", json(answer).get("name").stringValue(), what);
                }
            });
        }
        assertTrue(checks.size() > 20, "the document names few operations: " + checks.size());
        assertAll(checks);
    }

    @Test
    void listsOfAnotherTeamAreEmpty() {
        var checks = new ArrayList<Executable>();
        for (var operation : document.operations()) {
            if (operation.method().equals("GET")
                    && !operation.path().contains("{")
                    && document.parameters(operation).stream()
                            .anyMatch(p -> p.name().equals("limit"))) {
                checks.add(() -> {
                    var answer = call("GET", operation.path() + "?limit=100", null);
                    assertEquals(200, answer.statusCode(), operation + answer.body());
                    for (String id : objects.known().ids()) {
                        assertFalse(answer.body().contains(id), operation + " shows " + id);
                    }
                    if (!HAS_OWN.contains(operation.path())) {
                        var rows = json(answer).get("data");
                        assertTrue(rows.isEmpty(), operation + ": " + rows);
                    }
                });
            }
        }
        assertAll(checks);
    }

    /// Ids of the first team in bodies and queries of the second, at random: whatever is answered,
    /// nothing of the first team is in it, and nothing of it changes.
    @Test
    void idsOfAnotherTeamInBodiesLeadNowhere() {
        var checks = new ArrayList<Executable>();
        var sampler = new Sampler(document, objects.known());
        for (var operation : document.operations()) {
            // The log of the second team has the paths that it asked for.
            boolean tells = isPublic(operation) || operation.path().startsWith("/logs");
            for (int i = 0; i < 8 && !tells; i++) {
                var draft = sampler.draft(operation, stranger, new SplittableRandom(i));
                draft.write();
                var request = draft.request();
                checks.add(() -> {
                    var answer = call(request.method(), request.target(), draft);
                    String told = answer.statusCode() < 300 ? answer.body() : "";
                    String asked = request.target() + request.text(100_000);
                    for (String id : objects.known().ids()) {
                        boolean echo = asked.contains(id);
                        assertFalse(told.contains(id) && !echo, operation + ": " + told);
                    }
                });
            }
        }
        assertAll(checks);
    }

    private static boolean isPublic(Operation operation) {
        return operation.node().has("security") && operation.node().get("security").isEmpty();
    }

    private HttpResponse<String> call(
            String method, String path, @org.jspecify.annotations.Nullable Draft draft)
            throws Exception {
        var headers = new ArrayList<String>();
        if (draft != null) {
            draft.headers.stream()
                    .filter(header -> header.name().equals("content-type"))
                    .forEach(header -> headers.addAll(List.of(header.name(), header.value())));
        }
        return installation
                .service()
                .send(
                        stranger,
                        method,
                        path,
                        draft == null ? "" : new String(draft.body, StandardCharsets.UTF_8),
                        headers.toArray(String[]::new));
    }

    private static tools.jackson.databind.JsonNode json(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
