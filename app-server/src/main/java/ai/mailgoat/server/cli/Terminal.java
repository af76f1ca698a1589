package ai.mailgoat.server.cli;

import ai.mailgoat.common.json.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/// Where a command writes: data to `out`, everything else to `err`.
///
/// @param interactive whether a person reads: tables then, JSON otherwise
/// @param color whether to use colours and weights
record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean color) {

    // Since JDK 25 it is null again where no terminal is.
    @SuppressWarnings("SystemConsoleNull")
    static Terminal of(PrintStream out, PrintStream err, Map<String, String> env) {
        var console = System.console();
        boolean interactive = console != null && console.isTerminal();
        boolean color =
                interactive
                        && env.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(env.get("TERM"));
        return new Terminal(out, err, interactive, color);
    }

    void line(String text) {
        out.println(text);
    }

    /// What is no data: progress, remarks.
    void note(String text) {
        err.println(text);
    }

    void json(Object value) {
        out.println(
                Json.mapper()
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(value));
    }

    /// A table of `rows`, each a JSON object, under the upper-case names of `columns`.
    void table(List<String> columns, Iterable<JsonNode> rows) {
        var lines = new ArrayList<List<String>>();
        lines.add(
                columns.stream()
                        .map(name -> name.replace('_', ' ').toUpperCase(java.util.Locale.ROOT))
                        .toList());
        for (var row : rows) {
            lines.add(columns.stream().map(name -> cell(row.path(name))).toList());
        }
        grid(lines);
    }

    /// Lines of cells, padded to the widest of each column; the first line is the heading.
    void grid(List<List<String>> lines) {
        int columns = lines.getFirst().size();
        var widths = new int[columns];
        for (var line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        boolean heading = true;
        for (var line : lines) {
            var text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = line.get(i);
                text.append(cell);
                if (i < columns - 1) {
                    text.append(" ".repeat(widths[i] - cell.length() + 2));
                }
            }
            line(heading ? bold(text.toString()) : text.toString());
            heading = false;
        }
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String green(String text) {
        return paint("32", text);
    }

    String yellow(String text) {
        return paint("33", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /// Control characters of a stranger's mail must not reach the terminal.
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        String text =
                value.isArray()
                        ? String.join(", ", value.valueStream().map(JsonNode::asString).toList())
                        : value.asString();
        return printable(text.replace('\n', ' ').replace('\t', ' '));
    }
}
