package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of requests to every operation, most of them broken, with one seed: whatever comes,
/// the answer is one that the document allows, and the service works on. `./mailgoat fuzz` runs it
/// longer, and with other seeds.
class FuzzTest {
    private static final int CALLS = Integer.getInteger("mailgoat.fuzz.calls", 2_000);
    private static final long SEED = Long.getLong("mailgoat.fuzz.seed", 1);

    /// Different faults that are told before a run ends early.
    private static final int ENOUGH = 40;

    private static final int PAGES = 200;

    /// A kind of fault, told with its first case.
    private final Map<String, String> faults = new TreeMap<>();

    private final Map<Integer, Integer> statuses = new TreeMap<>();

    /// Operations that have not succeeded yet: a run that finds none of them tells less.
    private final Set<String> never = new TreeSet<>();

    private String stranger;
    private OpenApi document;
    private Known known;
    private AnswerRules rules;

    @Test
    void noRequestBreaksIt(@TempDir Path data) throws Exception {
        var capture = Map.of("MAILGOAT_DELIVERY__MODE", "capture");
        try (var installation = Installation.start(data, 25, capture);
                var wire = new Wire(installation.service().url())) {
            document = OpenApi.of(installation.service());
            stranger = installation.service().otherTeam("Strangers");
            var objects =
                    new OneOfEach(installation.service(), document, installation.key(), stranger);
            known = objects.known();
            rules = new AnswerRules(document);
            for (String path : List.of("/domains", "/api-keys")) {
                for (var item : installation.get(path).get("data")) {
                    known.keep(path + "/{}", item.get("id").stringValue());
                }
            }
            objects.make();
            document.operations().forEach(operation -> never.add(operation.toString()));
            long begun = System.nanoTime();
            run(installation, wire);
            listsAreWhole(installation, wire);
            assertWorks(installation);
            System.out.printf(
                    "fuzz: seed %d, %d calls of %d operations, answers %s, in %d s; no success of %s%n",
                    SEED,
                    CALLS,
                    document.operations().size(),
                    statuses,
                    (System.nanoTime() - begun) / 1_000_000_000,
                    never);
        }
        if (!faults.isEmpty()) {
            fail(
                    faults.size()
                            + " faults; again with ./mailgoat fuzz --seed "
                            + SEED
                            + " --calls "
                            + CALLS
                            + "\n\n"
                            + String.join("\n\n", faults.values()));
        }
    }

    private void run(Installation installation, Wire wire) throws Exception {
        var sampler = new Sampler(document, known);
        var spoiler =
                new Spoiler(
                        List.of(
                                "Bearer " + sendingKey(installation),
                                "Bearer " + stranger,
                                "Bearer re_nobody_knows_this_key",
                                "Bearer ",
                                "Bearer \u00ff",
                                "Basic dXNlcjpwYXNz",
                                "bearer  " + installation.key()));
        var operations = document.operations();
        for (int call = 0; call < CALLS && faults.size() < ENOUGH; call++) {
            // Each call has numbers of its own, so that one answer more or less shifts no other.
            var random = new SplittableRandom(SEED * 1_000_003 + call);
            random.nextLong();
            var draft =
                    sampler.draft(
                            operations.get(random.nextInt(operations.size())),
                            installation.key(),
                            random);
            boolean spoiled = random.nextInt(4) > 0;
            if (spoiled) {
                spoiler.spoil(draft, random);
            }
            boolean changes = !draft.method.equals("GET") && !draft.method.equals("HEAD");
            if (changes && draft.segments.stream().anyMatch(known::isKept)) {
                continue;
            }
            draft.write();
            exchange(wire, draft, spoiled, "call " + call);
        }
    }

    private void exchange(Wire wire, Draft draft, boolean spoiled, String which) {
        var request = draft.request();
        try {
            var answer = wire.exchange(request);
            statuses.merge(answer.status(), 1, Integer::sum);
            // A path that was broken may be that of another operation.
            boolean same = !spoiled || isWhole(draft);
            for (String fault : rules.faults(draft.operation, draft.method, answer)) {
                if (same || answer.status() >= 400) {
                    report(draft, request, answer.status() + " " + answer.text(), fault, which);
                }
            }
            if (same && answer.status() < 300) {
                never.remove(draft.operation.toString());
            }
            if (same && answer.status() < 300 && isJson(answer)) {
                if (draft.method.equals("DELETE")) {
                    known.forget(draft.operation.shape(), draft.ids);
                } else {
                    known.learn(draft.operation, draft.ids, Json.tree(answer.body()));
                }
            }
        } catch (IOException e) {
            report(draft, request, "", "no answer: " + e.getMessage(), which);
        }
    }

    private static boolean isJson(Wire.Answer answer) {
        return answer.header("content-type").orElse("").startsWith(OpenApi.JSON)
                && answer.body().length > 0;
    }

    /// Whether method and path are still those of the operation.
    private static boolean isWhole(Draft draft) {
        var wanted = draft.operation.path().substring(1).split("/");
        if (!draft.method.equals(draft.operation.method())
                || wanted.length != draft.segments.size()) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].startsWith("{") && !wanted[i].equals(draft.segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void report(
            Draft draft, Wire.Request request, String answer, String fault, String which) {
        faults.putIfAbsent(
                draft.operation + ": " + fault,
                draft.operation
                        + ": "
                        + fault
                        + "\n"
                        + which
                        + ", seed "
                        + SEED
                        + ": "
                        + request.text(2_000)
                        + "\n-> "
                        + Wire.cut(answer, 2_000));
    }

    /// All that was stored can be read: each list to its end, and each object that it names.
    private void listsAreWhole(Installation installation, Wire wire) {
        var random = new SplittableRandom(SEED);
        var sampler = new Sampler(document, known);
        for (var operation : document.operations()) {
            boolean single = operation.path().endsWith("}");
            if (!operation.method().equals("GET") || !operation.answers(OpenApi.JSON)) {
                continue;
            }
            var paths = single ? known.all(operation.shape()) : List.of(List.<String>of());
            for (int i = 0; i < Math.max(1, paths.size()) && i < PAGES; i++) {
                var draft = sampler.draft(operation, installation.key(), random);
                if (operation.path().contains("{") && single && !paths.isEmpty()) {
                    fill(draft, paths.get(i));
                }
                draft.query.removeIf(pair -> !operation.path().endsWith("recipients"));
                exchange(wire, draft, false, "reading after the run");
            }
            if (!operation.path().contains("{")) {
                pages(installation, wire, operation);
            }
        }
    }

    private static void fill(Draft draft, List<String> ids) {
        var left = new java.util.ArrayList<>(ids);
        var pattern = draft.operation.path().substring(1).split("/");
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{")) {
                draft.segments.set(i, left.removeFirst());
            }
        }
    }

    private void pages(Installation installation, Wire wire, OpenApi.Operation operation) {
        boolean paged =
                document.parameters(operation).stream().anyMatch(p -> p.name().equals("after"));
        String after = "";
        for (int page = 0; paged && page < PAGES; page++) {
            var draft =
                    new Sampler(document, known)
                            .draft(operation, installation.key(), new SplittableRandom(page));
            draft.query.clear();
            draft.query.add("limit=100");
            if (!after.isEmpty()) {
                draft.query.add("after=" + after);
            }
            var request = draft.request();
            try {
                var answer = wire.exchange(request);
                var found = rules.faults(operation, "GET", answer);
                found.forEach(fault ->
                        report(draft, request, answer.text(), fault, "reading after the run"));
                if (answer.status() != 200 || !found.isEmpty()) {
                    report(draft, request, answer.text(), "a list that cannot be read", "after");
                    return;
                }
                var list = Json.tree(answer.body());
                if (!list.path("has_more").asBoolean(false)) {
                    return;
                }
                var items = list.get("data");
                after = items.get(items.size() - 1).get("id").stringValue();
            } catch (IOException e) {
                report(draft, request, "", "no answer: " + e.getMessage(), "after");
                return;
            }
        }
    }

    private static void assertWorks(Installation installation) throws Exception {
        var health = installation.service().get("", "/readyz");
        assertEquals(200, health.statusCode(), health.body());
        String id =
                installation.send(
                        Map.of(
                                "from", "a@sender.example",
                                "to", "still@works.example",
                                "subject", "after the run",
                                "text", "x"));
        installation.awaitEvent(id, "delivered");
        try (var lines = Files.lines(installation.service().log())) {
            var errors =
                    lines.filter(line -> line.contains(" ERROR ") || line.contains("Exception"))
                            .map(line -> Wire.cut(line, 1_500))
                            .limit(5)
                            .toList();
            assertTrue(errors.isEmpty(), () -> String.join("\n", errors));
        }
    }

    private static String sendingKey(Installation installation) throws Exception {
        var answer =
                installation
                        .service()
                        .post(
                                installation.key(),
                                "/api-keys",
                                Map.of("name", "sends", "permission", "sending_access"));
        return Json.tree(answer.body().getBytes()).get("token").stringValue();
    }
}
