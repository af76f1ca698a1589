package ai.mailgoat.server.e2e;

import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// The objects a run has seen so far, by the shape of their path: `/emails/{}` has ids of e-mails,
/// `/webhooks/{}/events/{}` pairs of ids.
final class Known {
    private static final int MOST = 300;

    /// Whose `object` does not tell the path.
    private static final Map<String, String> SPECIAL =
            Map.of(
                    "/emails/batch", "/emails/{}",
                    "/suppressions/batch/add", "/suppressions/{}",
                    "/domains/claim", "/domains/{}");

    private final Map<String, List<List<String>>> all = new HashMap<>();
    private final Set<String> kept = new HashSet<>();

    Known(OpenApi document) {
        for (var operation : document.operations()) {
            String shape = operation.shape();
            int end = shape.lastIndexOf("{}");
            if (end >= 0) {
                all.putIfAbsent(shape.substring(0, end + 2), new ArrayList<>());
            }
        }
    }

    /// Takes what is there before the run: it is looked at, and never changed.
    void keep(String shape, String id) {
        kept.add(id);
        add(shape, List.of(id));
    }

    boolean isKept(String id) {
        return kept.contains(id);
    }

    /// Remembers the ids in a success.
    ///
    /// @param ids what filled the path
    void learn(Operation operation, List<String> ids, JsonNode answer) {
        String shape = operation.shape();
        String items = SPECIAL.getOrDefault(shape, shape + "/{}");
        learnLinks(answer);
        if (answer.path("domain_id").isString()) {
            add("/domains/{}", List.of(answer.get("domain_id").stringValue()));
        }
        for (var item : answer.path("data")) {
            learn(items, SPECIAL.containsKey(shape) ? List.of() : ids, item);
        }
        if (operation.method().equals("POST") && all.containsKey(items)) {
            learn(items, ids, answer);
        } else {
            learn(pathOf(answer.path("object").asString("")), List.of(), answer);
        }
    }

    // Tokens of links: the last segment of http://localhost:3100/downloads/…
    private void learnLinks(JsonNode answer) {
        for (String field : List.of("download_url", "url")) {
            for (var link : answer.findValues(field)) {
                var segments = List.of((link.isString() ? link.stringValue() : "").split("/"));
                if (segments.size() > 1) {
                    add(
                            "/" + segments.get(segments.size() - 2) + "/{}",
                            List.of(segments.getLast()));
                }
            }
        }
    }

    private void learn(String shape, List<String> parents, JsonNode item) {
        if (item.path("id").isString() && all.containsKey(shape)) {
            var ids = new ArrayList<>(parents);
            ids.add(item.get("id").stringValue());
            add(shape, ids);
            if (shape.equals("/signup-forms/{}")) {
                add("/signup/{}", ids);
            }
        }
    }

    private void add(String shape, List<String> ids) {
        var there = all.get(shape);
        if (there != null && !there.contains(ids)) {
            if (there.size() == MOST) {
                there.removeFirst();
            }
            there.add(List.copyOf(ids));
        }
    }

    /// Takes out what was deleted.
    void forget(String shape, List<String> ids) {
        all.getOrDefault(shape, new ArrayList<>()).remove(ids);
    }

    /// One id of a kind, such as `/emails/{}`.
    Optional<String> one(String shape, RandomGenerator random) {
        return pick(shape, random).map(List::getLast);
    }

    /// Ids that fill a path: as they were seen together, or else each on its own.
    ///
    /// @return one for each parameter; a made-up one where none is known
    List<String> fill(String path, RandomGenerator random) {
        var segments = List.of(OpenApi.shapeOf(path).substring(1).split("/"));
        var ids = new ArrayList<String>();
        boolean together = random.nextInt(4) > 0;
        var shape = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            shape.append('/').append(segments.get(i));
            if (segments.get(i).equals("{}")) {
                var seen =
                        together ? pick(shape.toString(), random) : Optional.<List<String>>empty();
                if (seen.isPresent()) {
                    ids.clear();
                    ids.addAll(seen.get());
                } else {
                    ids.add(
                            one("/" + segments.get(i - 1) + "/{}", random)
                                    .orElseGet(() -> made(random)));
                }
            }
        }
        return ids;
    }

    /// The first ids that were seen for the parameters of a path; empty when none were seen, or
    /// none are needed.
    List<String> first(String path) {
        var there = all(path);
        return there.isEmpty() ? List.of() : there.getFirst();
    }

    /// All ids, of whatever kind.
    Set<String> ids() {
        var ids = new HashSet<String>();
        all.values().forEach(lists -> lists.forEach(ids::addAll));
        return ids;
    }

    /// All ids that were seen for the parameters of a path; one empty list when it has none.
    List<List<String>> all(String path) {
        String shape = OpenApi.shapeOf(path);
        int end = shape.lastIndexOf("{}");
        return end < 0
                ? List.of(List.of())
                : List.copyOf(all.getOrDefault(shape.substring(0, end + 2), List.of()));
    }

    static String made(RandomGenerator random) {
        return new java.util.UUID(
                        random.nextLong() & 0xffffffffffff0fffL | 0x7000,
                        random.nextLong() >>> 2 | 0x8000_0000_0000_0000L)
                .toString();
    }

    private Optional<List<String>> pick(String shape, RandomGenerator random) {
        int number = random.nextInt(Integer.MAX_VALUE);
        var there = all.getOrDefault(shape, List.of());
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get(number % there.size()));
    }

    // contact_property is at /contact-properties
    private static String pathOf(String object) {
        String name = object.replace('_', '-');
        return "/"
                + (name.endsWith("y") ? name.substring(0, name.length() - 1) + "ie" : name)
                + "s/{}";
    }
}
