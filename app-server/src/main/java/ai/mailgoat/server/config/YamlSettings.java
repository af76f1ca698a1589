package ai.mailgoat.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// The settings of a YAML file with their lines. Reads the tree of nodes: no YAML type is guessed,
/// since each key knows how its text is read.
final class YamlSettings {
    private static final int MAX_DEPTH = 8;
    private static final long MAX_SIZE = 1 << 20;

    private final Path file;
    private final KnownNames known;
    private final Map<String, Setting> found = new LinkedHashMap<>();

    private YamlSettings(Path file, KnownNames known) {
        this.file = file;
        this.known = known;
    }

    /// @return by key name
    /// @throws ConfigException for whatever is wrong, with the line
    static Map<String, Setting> read(Path file, KnownNames known) {
        var settings = new YamlSettings(file, known);
        var loading =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setUseMarks(true)
                        .setSchema(new CoreSchema())
                        .setMaxAliasesForCollections(0)
                        .build();
        try {
            var root = new Compose(loading).composeString(text(file));
            if (root.isPresent() && !isNull(root.get())) {
                settings.section(root.get(), "", 0);
            }
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(
                    settings.place(e.getProblemMark())
                            + ": this is not YAML: "
                            + String.valueOf(e.getProblem()).replaceAll("\\s+", " "));
        } catch (StackOverflowError e) {
            throw new ConfigException(file + ": this is nested too deeply");
        } catch (YamlEngineException e) {
            throw new ConfigException(
                    file
                            + ": this is not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return settings.found;
    }

    private void section(Node node, String prefix, int depth) {
        if (!(node instanceof MappingNode mapping) || depth > MAX_DEPTH) {
            throw new ConfigException(
                    place(node.getStartMark())
                            + ": "
                            + (prefix.isEmpty()
                                    ? "the file must hold keys and values"
                                    : prefix
                                            + " is a section, with keys such as "
                                            + known.exampleOf(prefix)));
        }
        for (var tuple : mapping.getValue()) {
            String name = name(tuple.getKeyNode(), prefix);
            if (known.isSection(name)) {
                if (!isNull(tuple.getValueNode())) {
                    section(tuple.getValueNode(), name, depth + 1);
                }
            } else {
                value(name, tuple.getKeyNode(), tuple.getValueNode());
            }
        }
    }

    private String name(Node key, String prefix) {
        if (!(key instanceof ScalarNode scalar)) {
            throw new ConfigException(place(key.getStartMark()) + ": a key must be a plain word");
        }
        String name = prefix.isEmpty() ? scalar.getValue() : prefix + "." + scalar.getValue();
        if (!known.isKey(name) && !known.isSection(name)) {
            throw new ConfigException(
                    place(key.getStartMark()) + ": unknown key " + quoted(name) + known.hint(name));
        }
        return name;
    }

    private void value(String name, Node key, Node value) {
        if (isNull(value)) {
            return;
        }
        String place = place(value.getStartMark());
        var setting =
                switch (value) {
                    case ScalarNode scalar -> new Setting(scalar.getValue(), place, false);
                    case SequenceNode list ->
                            new Setting(
                                    String.join(", ", items(name, list.getValue())), place, true);
                    default ->
                            throw new ConfigException(
                                    place + ": " + name + " has no keys below it");
                };
        if (found.put(name, setting) != null) {
            throw new ConfigException(place(key.getStartMark()) + ": " + name + " is set twice");
        }
    }

    private List<String> items(String name, List<Node> nodes) {
        return nodes.stream()
                .map(node -> {
                    if (node instanceof ScalarNode scalar && !isNull(node)) {
                        return scalar.getValue();
                    }
                    throw new ConfigException(
                            place(node.getStartMark())
                                    + ": "
                                    + name
                                    + " is a list of plain values");
                })
                .toList();
    }

    private String place(Optional<Mark> mark) {
        return file + mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    static String quoted(String name) {
        return "\"" + name.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new ConfigException(file + ": this is too large for a configuration");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such configuration file");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": this is not UTF-8");
        } catch (IOException e) {
            throw new ConfigException(
                    file + ": the configuration cannot be read: " + e.getMessage());
        }
    }
}
