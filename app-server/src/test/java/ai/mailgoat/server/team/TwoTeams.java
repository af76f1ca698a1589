package ai.mailgoat.server.team;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.ClientAddress;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.reference.ApiSchemas;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// A fresh database with two teams, a clock that is set by hand, and a way to call routes without a
/// socket. What they answer is held to the description of the API.
public final class TwoTeams implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00.123456Z");

    public final Store store;
    public final TeamId acme;
    public final TeamId other;
    public final Endpoints endpoints = new Endpoints();
    public final Uuids ids;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    public TwoTeams(Path dataDir) {
        var database = Database.open(dataDir);
        database.migrate(dataDir);
        store = Store.open(database, 2);
        ids = new Uuids(clock(), new SplittableRandom(7));
        acme = new TeamId(ids.next());
        other = new TeamId(ids.next());
        store.write(tx -> {
            new TeamStore().insert(tx, acme, "Acme", null, START);
            new TeamStore().insert(tx, other, "Other", null, START.plusSeconds(1));
            return true;
        });
    }

    public InstantSource clock() {
        return now::get;
    }

    public void pass(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }

    public void setClock(Instant time) {
        now.set(time);
    }

    /// Calls a route as the given team; a refusal comes back as its error body.
    public Reply call(TeamId team, String method, String path, String body) {
        return call(team, method, path, body, Map.of());
    }

    /// As above, with header fields; their names in lower case.
    public Reply call(
            TeamId team, String method, String path, String body, Map<String, String> headers) {
        var key = new ApiKeyId(ids.next());
        var caller = new Principal(team, key, Principal.Permission.FULL_ACCESS, null);
        return call(caller, method, path, body, headers);
    }

    /// Calls a route as somebody in particular; what the key may call is not checked.
    public Reply call(Principal caller, String method, String path, String body) {
        return call(caller, method, path, body, Map.of());
    }

    private Reply call(
            Principal caller,
            String method,
            String path,
            String body,
            Map<String, String> headers) {
        var answer = answer(caller, method, path, body, headers);
        return new Reply(answer.status(), Json.tree(answer.body()));
    }

    /// As {@link #call}, for answers that are not JSON.
    public Answer answer(TeamId team, String method, String path, String body) {
        return answer(team, method, path, body, Map.of());
    }

    /// As above, with header fields; their names in lower case.
    public Answer answer(
            TeamId team, String method, String path, String body, Map<String, String> headers) {
        var key = new ApiKeyId(ids.next());
        var caller = new Principal(team, key, Principal.Permission.FULL_ACCESS, null);
        return answer(caller, method, path, body, headers);
    }

    private Answer answer(
            Principal caller,
            String method,
            String path,
            String body,
            Map<String, String> headers) {
        int question = path.indexOf('?');
        String plain = question < 0 ? path : path.substring(0, question);
        for (var endpoint : ApiSchemas.checking(inOrder())) {
            var parameters = match(endpoint.path(), plain);
            if (endpoint.method().equals(method.equals("HEAD") ? "GET" : method)
                    && parameters.isPresent()) {
                var call =
                        new Call(
                                method,
                                plain,
                                parameters.get(),
                                question < 0 ? Map.of() : query(path.substring(question + 1)),
                                name -> Optional.ofNullable(headers.get(name)),
                                body.getBytes(StandardCharsets.UTF_8),
                                null,
                                caller,
                                ClientAddress.of(
                                        "127.0.0.1",
                                        Optional.ofNullable(headers.get("x-forwarded-for"))),
                                "test");
                return answer(endpoint, call);
            }
        }
        throw new AssertionError("no route " + method + " " + plain);
    }

    /// Uploads a file to a route as the given team.
    public Reply upload(TeamId team, String path, String contentType, Path body) {
        var endpoint =
                endpoints.all().stream()
                        .filter(e -> e.path().equals(path) && e.upload() > 0)
                        .findFirst()
                        .orElseThrow();
        var answer =
                answer(
                        endpoint,
                        new Call(
                                "POST",
                                path,
                                Map.of(),
                                Map.of(),
                                name ->
                                        name.equals("content-type")
                                                ? Optional.of(contentType)
                                                : Optional.empty(),
                                new byte[0],
                                body,
                                new Principal(
                                        team,
                                        new ApiKeyId(ids.next()),
                                        Principal.Permission.FULL_ACCESS,
                                        null),
                                "127.0.0.1",
                                "test"));
        return new Reply(answer.status(), Json.tree(answer.body()));
    }

    @Override
    public void close() {
        store.close();
    }

    public record Reply(int status, JsonNode body) {
        public String text(String field) {
            var node = body.get(field);
            return node == null || node.isNull() ? "null" : node.asString();
        }
    }

    private static Answer answer(Endpoints.Endpoint endpoint, Call call) {
        try {
            return endpoint.handler().handle(call);
        } catch (ApiException e) {
            return Answer.of(e);
        }
    }

    /// Literal segments win over parameters, the first ones first.
    private List<Endpoints.Endpoint> inOrder() {
        return endpoints.all().stream()
                .sorted(java.util.Comparator.comparing(e -> e.path().replace("{", "\uffff")))
                .toList();
    }

    private static Optional<Map<String, String>> match(String pattern, String path) {
        var wanted = Arrays.asList(pattern.split("/"));
        var given = Arrays.asList(path.split("/"));
        if (wanted.size() != given.size()) {
            return Optional.empty();
        }
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{")) {
                parameters.put(segment.substring(1, segment.length() - 1), given.get(i));
            } else if (!segment.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static Map<String, List<String>> query(String text) {
        var query = new HashMap<String, List<String>>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), List.of(pair.substring(equals + 1)));
        }
        return query;
    }
}
