package ai.mailgoat.server.cli;

import java.util.ArrayList;
import java.util.List;

/// How the figures of {@link StoredRun} are shown to people.
final class StoredTable {
    private StoredTable() {}

    static void show(Terminal terminal, StoredFigures figures) {
        terminal.line("");
        terminal.line(
                figures.stored()
                        + " e-mails and "
                        + figures.stored()
                        + " contacts, "
                        + figures.databaseMegabytes()
                        + " MB on "
                        + figures.fileSystem()
                        + ", filled in "
                        + number(figures.fillSeconds())
                        + " s, ready in "
                        + number(figures.startMillis())
                        + " ms");
        terminal.line("");
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("read, in ms", "p50", "p95", "p99", "goal: p95 below 20"));
        for (var reading : figures.readings()) {
            lines.add(
                    List.of(
                            reading.name(),
                            number(reading.p50Millis()),
                            number(reading.p95Millis()),
                            number(reading.p99Millis()),
                            verdict(reading.isGood())));
        }
        terminal.grid(lines);
        terminal.line("");
        var acceptance = figures.acceptance();
        terminal.grid(
                List.of(
                        List.of("", "full", "empty", "ratio", "goal: 0.9 or more"),
                        List.of(
                                "accepted/s",
                                number(acceptance.perSecond()),
                                number(acceptance.emptyPerSecond()),
                                number(acceptance.ratio()) + "x",
                                verdict(acceptance.isGood())),
                        List.of(
                                "accept p99, ms",
                                number(acceptance.p99Millis()),
                                number(acceptance.emptyP99Millis()),
                                "",
                                "")));
        terminal.line("");
        var imported = figures.imported();
        terminal.line(
                imported.rows()
                        + " contacts imported in "
                        + number(imported.seconds())
                        + " s, "
                        + number(imported.perSecond())
                        + "/s: "
                        + verdict(imported.isRight()));
        if (figures.peakMegabytes() != null) {
            terminal.line("peak memory, MB: " + figures.peakMegabytes());
        }
    }

    private static String verdict(boolean good) {
        return good ? "reached" : "MISSED";
    }

    private static String number(double value) {
        return BenchCommand.number(value);
    }
}
