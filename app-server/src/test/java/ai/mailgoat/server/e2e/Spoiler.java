package ai.mailgoat.server.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Breaks a request in one of many ways.
final class Spoiler {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<String> keys;
    private final List<Consumer<Way>> ways =
            List.of(
                    Spoiler::field,
                    Spoiler::field,
                    Spoiler::field,
                    Spoiler::field,
                    Spoiler::body,
                    Spoiler::body,
                    Spoiler::path,
                    Spoiler::query,
                    Spoiler::header,
                    Spoiler::method);

    /// @param keys other than the caller's, such as one that may only send
    Spoiler(List<String> keys) {
        this.keys = keys;
    }

    private record Way(Draft draft, RandomGenerator random) {
        <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        int up(int to) {
            return random.nextInt(to);
        }
    }

    /// Breaks a draft once, and now and then twice.
    void spoil(Draft draft, RandomGenerator random) {
        var way = new Way(draft, random);
        do {
            if (random.nextInt(14) == 0) {
                draft.header("authorization", way.one(keys));
            } else {
                way.one(ways).accept(way);
            }
        } while (random.nextInt(5) == 0);
    }

    private static void path(Way way) {
        var segments = way.draft().segments;
        boolean fixed = way.draft().ids.isEmpty();
        if (fixed && way.up(3) > 0) {
            segments.add(way.one(Poison.SEGMENTS));
            return;
        }
        var parameters = new ArrayList<Integer>();
        for (int i = 0; i < segments.size(); i++) {
            if (way.draft().ids.contains(segments.get(i)) || fixed) {
                parameters.add(i);
            }
        }
        int at = parameters.isEmpty() ? segments.size() - 1 : way.one(parameters);
        switch (way.up(6)) {
            case 0 -> segments.set(at, segments.get(at).toUpperCase(java.util.Locale.ROOT));
            case 1 -> segments.add("");
            case 2 -> segments.set(at, Known.made(way.random()));
            default -> segments.set(at, way.one(Poison.SEGMENTS));
        }
    }

    private static void query(Way way) {
        way.draft().query.add(way.one(Poison.QUERIES));
    }

    private static void header(Way way) {
        var header = way.one(Poison.HEADERS);
        way.draft().header(header.name(), header.value());
    }

    private static void method(Way way) {
        way.draft().method = way.one(Poison.METHODS);
    }

    /// Breaks the body as text.
    private static void body(Way way) {
        var draft = way.draft();
        draft.write();
        String text = new String(draft.body, StandardCharsets.UTF_8);
        int cut = way.up(Math.max(1, text.length()));
        draft.body =
                switch (way.up(16)) {
                    case 0 -> octets(text.substring(0, cut));
                    case 1 -> octets(text + "}");
                    case 2 -> octets("\ufeff" + text);
                    case 3 -> octets("null");
                    case 4 -> octets("[" + text + "]");
                    case 5 -> octets("{".repeat(1 + way.up(3)));
                    case 6 -> octets("[".repeat(100_000));
                    case 7 -> octets("{\"a\":".repeat(5_000));
                    case 8 -> octets(text.replace('"', '\''));
                    case 9 -> twice(text);
                    case 10 -> (text + "x").getBytes(StandardCharsets.UTF_16);
                    case 11 -> broken(draft.body, cut);
                    case 12 -> octets("\"" + "x".repeat(1_100_000) + "\"");
                    case 13 -> octets("[]");
                    case 14 -> random(way);
                    default -> octets(" ");
                };
    }

    /// Each field of the outermost object a second time, as `null`.
    private static byte[] twice(String text) {
        if (!text.startsWith("{\"")) {
            return octets(text + text);
        }
        String field = text.substring(1, text.indexOf('"', 2) + 1);
        return octets(text.substring(0, text.length() - 1) + "," + field + ":null}");
    }

    private static byte[] broken(byte[] body, int at) {
        byte[] octets = body.length == 0 ? new byte[] {(byte) 0xc3} : body.clone();
        octets[Math.min(at, octets.length - 1)] = (byte) 0xfe;
        return octets;
    }

    private static byte[] random(Way way) {
        var out = new ByteArrayOutputStream();
        for (int i = way.up(400); i >= 0; i--) {
            out.write(way.up(256));
        }
        return out.toByteArray();
    }

    /// Breaks one value in the tree of the body, wherever it stands.
    private static void field(Way way) {
        var tree = way.draft().tree;
        if (tree == null || !tree.isContainer()) {
            way.one(List.<Consumer<Way>>of(Spoiler::path, Spoiler::query, Spoiler::header))
                    .accept(way);
            return;
        }
        var places = new ArrayList<JsonNode>();
        collect(tree, places);
        var place = way.one(places);
        switch (place) {
            case ObjectNode object when !object.isEmpty() -> {
                String name = way.one(List.copyOf(object.propertyNames()));
                var value = other(way, object.get(name));
                if (value == null) {
                    object.remove(name);
                } else if (way.up(20) == 0) {
                    object.set(way.one(Poison.TEXTS), value);
                } else {
                    object.set(name, value);
                }
            }
            case ArrayNode array when !array.isEmpty() -> {
                int at = way.up(array.size());
                var value = other(way, array.get(at));
                switch (way.up(4)) {
                    case 0 ->
                            repeat(array, array.get(at), way.one(List.of(51, 101, 1_000, 10_000)));
                    case 1 -> array.add(array.get(at));
                    default -> {
                        if (value == null) {
                            array.removeAll();
                        } else {
                            array.set(at, value);
                        }
                    }
                }
            }
            default -> way.draft().tree = other(way, tree);
        }
    }

    private static void repeat(ArrayNode array, JsonNode item, int times) {
        if (item.toString().length() * (long) times < 900_000) {
            for (int i = 0; i < times; i++) {
                array.add(item);
            }
        }
    }

    /// @return `null` to leave the value out
    private static @Nullable JsonNode other(Way way, JsonNode value) {
        return switch (way.up(14)) {
            case 0 -> null;
            case 1 -> JSON.nullNode();
            case 2 -> JSON.booleanNode(way.random().nextBoolean());
            case 3 ->
                    JSON.numberNode(
                            new java.math.BigDecimal(way.one(Poison.NUMBERS.subList(0, 9))));
            case 4 -> JSON.rawValueNode(new RawValue(way.one(Poison.NUMBERS)));
            case 5 -> JSON.arrayNode();
            case 6 -> JSON.objectNode();
            case 7 -> JSON.arrayNode().add(value);
            case 8 -> JSON.objectNode().set("id", value);
            case 9 -> deep(value, way.one(List.of(10, 40, 70)));
            default -> text(way.one(Poison.TEXTS));
        };
    }

    // Half of a surrogate pair has no UTF-8; JSON can still say it.
    private static JsonNode text(String text) {
        boolean half = text.chars().filter(c -> Character.isSurrogate((char) c)).count() == 1;
        return half
                ? JSON.rawValueNode(
                        new RawValue(
                                "\"\\u"
                                        + Integer.toHexString(text.charAt(0))
                                        + text.substring(1)
                                        + "\""))
                : JSON.stringNode(text);
    }

    private static JsonNode deep(JsonNode value, int depth) {
        var node = value;
        for (int i = 0; i < depth; i++) {
            node = i % 2 == 0 ? JSON.arrayNode().add(node) : JSON.objectNode().set("a", node);
        }
        return node;
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        if (node.isContainer()) {
            places.add(node);
            node.forEach(child -> collect(child, places));
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
