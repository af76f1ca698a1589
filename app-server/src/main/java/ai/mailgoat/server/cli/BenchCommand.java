package ai.mailgoat.server.cli;

import ai.mailgoat.server.bench.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        description = {
            "Measures this machine: mails by HTTP into a service of its own, signed, delivered over SMTP"
                    + " into a sink on loopback."
        })
final class BenchCommand implements Callable<Integer>, Output.Chooser {
    private static final int MOST_DEAD = 2_000_000;
    private static final int MOST_STORED = 10_000_000;
    private static final int READS = 500;

    private final Context context;

    @Option(names = "--messages", description = "default ${DEFAULT-VALUE}")
    private int messages = 5000;

    @Option(names = "--size", description = "octets of the text; default ${DEFAULT-VALUE}")
    private int size = 5120;

    @Option(names = "--connections", description = "default ${DEFAULT-VALUE}")
    private int connections = 64;

    @Option(names = "--domains", description = "destinations; default ${DEFAULT-VALUE}")
    private int domains = 1;

    @Option(
            names = "--warm-up",
            description = "mails sent before the measurement; default ${DEFAULT-VALUE}")
    private int warmUp = 2000;

    @Option(
            names = "--dead",
            description = {
                "measure again with as many entries for a dead destination in the queue, up to"
                        + " 2000000; default ${DEFAULT-VALUE}"
            })
    private int dead;

    @Option(
            names = "--stored",
            description = {
                "measure reading, acceptance and an import with so many e-mails and contacts in the"
                        + " database, up to 10000000"
            })
    private int stored;

    @Option(
            names = "--imported",
            description = "contacts to import after --stored; default ${DEFAULT-VALUE}")
    private int imported = 100_000;

    @Option(names = "--check", description = "with --stored: end with 1 when a goal is missed")
    private boolean check;

    @Option(names = "--accept-only", description = "accept durably, deliver nothing")
    private boolean acceptOnly;

    @Option(names = "--with-postfix", description = "the same with Postfix and OpenDKIM (as root)")
    private boolean withPostfix;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "where the queue lies; default the temporary directory")
    private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

    @Mixin private final Output output = new Output();

    BenchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (messages < 1
                || size < 1
                || connections < 1
                || domains < 1
                || domains > 200
                || warmUp < 0
                || dead < 0
                || dead > MOST_DEAD
                || stored < 0
                || stored > MOST_STORED
                || imported < 1) {
            throw Failure.usage("the numbers must be positive, and the domains 200 at most");
        }
        if (dead > 0 && acceptOnly) {
            throw Failure.usage("--dead measures delivery: leave out --accept-only");
        }
        if (stored > 0) {
            return stored();
        }
        var plan =
                new BenchPlan(messages, size, connections, domains, dead, warmUp, acceptOnly, dir);
        context.terminal().note("measuring " + messages + " mails...");
        var figures = new BenchRun(context, plan).run();
        BenchFigures postfix = null;
        if (withPostfix) {
            context.terminal().note("measuring Postfix and OpenDKIM...");
            postfix = PostfixBaseline.run(plan);
        }
        return output.show(context.terminal(), new Comparison(plan, figures, postfix), this::show);
    }

    private int stored() throws IOException, InterruptedException {
        context.terminal().note("measuring with " + stored + " e-mails and contacts...");
        var plan = new StoredPlan(stored, imported, messages, warmUp, Math.min(READS, stored), dir);
        var figures = new StoredRun(context, plan).run();
        output.show(context.terminal(), figures, all -> StoredTable.show(context.terminal(), all));
        if (check && !figures.missed().isEmpty()) {
            throw Failure.general(String.join("; ", figures.missed()), null);
        }
        return Exit.OK;
    }

    /// @param postfix absent unless asked for
    record Comparison(BenchPlan plan, BenchFigures mailgoat, @Nullable BenchFigures postfix) {}

    private void show(Comparison comparison) {
        var own = comparison.mailgoat();
        var postfix = comparison.postfix();
        var terminal = context.terminal();
        terminal.line("");
        terminal.line(
                messages
                        + " mails of "
                        + size
                        + " octets, "
                        + connections
                        + " connections, "
                        + domains
                        + (domains == 1 ? " destination" : " destinations")
                        + ", into "
                        + own.sink()
                        + ", on "
                        + own.fileSystem());
        terminal.line("");
        var lines = new ArrayList<List<String>>();
        lines.add(
                row(
                        "",
                        "MailGoat",
                        postfix == null ? "" : "Postfix + OpenDKIM",
                        postfix == null ? "" : "ratio"));
        lines.add(
                figure(
                        "accepted/s",
                        own.acceptedPerSecond(),
                        postfix == null ? null : postfix.acceptedPerSecond()));
        if (!acceptOnly) {
            lines.add(
                    figure(
                            "delivered/s",
                            own.deliveredPerSecond(),
                            postfix == null ? null : postfix.deliveredPerSecond()));
        }
        lines.add(figure("accept p50, ms", own.p50Millis(), null));
        lines.add(figure("accept p99, ms", own.p99Millis(), null));
        lines.add(
                figure(
                        "CPU ms a mail",
                        own.cpuMillisPerMail(),
                        postfix == null ? null : postfix.cpuMillisPerMail()));
        lines.add(
                figure(
                        "peak memory, MB",
                        own.peakMegabytes(),
                        postfix == null ? null : postfix.peakMegabytes()));
        terminal.grid(lines);
        terminal.line("");
        if (own.backlog() != null) {
            show(own, own.backlog());
        }
        terminal.note(
                terminal.dim(
                        "Durable: each mail is on disk before its 200. Compare ratios of one run, not figures of two."));
    }

    private void show(BenchFigures own, BacklogFigures backlog) {
        var terminal = context.terminal();
        terminal.line(
                "With " + backlog.entries() + " entries for a dead destination in the queue:");
        terminal.line("");
        terminal.grid(
                List.of(
                        row("", "with", "without", "ratio"),
                        figure(
                                "delivered/s",
                                backlog.deliveredPerSecond(),
                                own.deliveredPerSecond()),
                        figure("peak memory, MB", backlog.peakMegabytes(), own.peakMegabytes()),
                        figure("start, ms", backlog.startMillis(), backlog.emptyStartMillis()),
                        row("queued/s", number(backlog.queuedPerSecond()), "", "")));
        terminal.line("");
    }

    private static List<String> figure(String name, @Nullable Double own, @Nullable Double other) {
        String ratio = own == null || other == null || other == 0 ? "" : number(own / other) + "x";
        return row(
                name, own == null ? "-" : number(own), other == null ? "" : number(other), ratio);
    }

    static String number(double value) {
        return String.format(
                Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    private static List<String> row(String... cells) {
        return List.of(cells);
    }

    @Override
    public boolean wantsJson() {
        return output.isJson(context.terminal());
    }

    /// The part of the figures that the load generator saw.
    static BenchFigures accepted(Load.Result result) {
        return new BenchFigures(
                result.perSecond(),
                null,
                result.percentileMillis(0.5),
                result.percentileMillis(0.99),
                null,
                null,
                null,
                null,
                null);
    }
}
