package ai.mailgoat.server.cli;

import ai.mailgoat.common.json.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/// Reads the command line, runs the command, answers the exit code. Nothing below ends the process.
public final class Cli {

    @Command(
            name = "mailgoat",
            description =
                    "The e-mail platform you own: Resend's API and a mail server on one machine.",
            subcommands = CommandLine.HelpCommand.class,
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Client commands read MAILGOAT_API_KEY (or RESEND_API_KEY) and MAILGOAT_URL (or RESEND_BASE_URL).",
                "In a terminal they print tables, elsewhere JSON. From a source tree also: test, mvn, format."
            })
    private static final class Root {}

    private Cli() {}

    /// Runs one command with the process's standard streams.
    public static int run(String[] args, Map<String, String> env, Service service) {
        // UTF-8 whatever the locale says: JSON is, and nobody's terminal is anything else.
        var out = stream(FileDescriptor.out);
        var err = stream(FileDescriptor.err);
        int exitCode = run(args, new Context(Terminal.of(out, err, env), env, service));
        out.flush();
        err.flush();
        return exitCode;
    }

    static int run(String[] args, Context context) {
        return commandLine(context).execute(args);
    }

    static CommandLine commandLine(Context context) {
        var terminal = context.terminal();
        var line =
                new CommandLine(new Root())
                        .addSubcommand(new DemoCommand(context))
                        .addSubcommand(new ServeCommand(context))
                        .addSubcommand(new SetupCommand(context))
                        .addSubcommand(new SendCommand(context))
                        .addSubcommand(new EmailsCommand(context))
                        .addSubcommand(new DomainsCommand(context))
                        .addSubcommand(new KeysCommand(context))
                        .addSubcommand(new QueueCommand(context))
                        .addSubcommand(new MigrateCommand(context))
                        .addSubcommand(new DoctorCommand(context))
                        .addSubcommand(new BenchCommand(context))
                        .addSubcommand(new VersionCommand(context));
        addHelp(line);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.color() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler(
                (e, command, _) -> report(Failure.of(e), command, terminal));
        line.setParameterExceptionHandler((e, args) -> {
            String message = String.valueOf(e.getMessage());
            terminal.note("mailgoat: " + message);
            terminal.note(
                    "  see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Exit.USAGE;
        });
        // Without a command: the help, and the exit code of a wrong use.
        line.setExecutionStrategy(parsed -> {
            var last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            var spec = last.commandSpec();
            if (!(spec.userObject() instanceof Runnable)
                    && !(spec.userObject() instanceof java.util.concurrent.Callable<?>)
                    && !last.isUsageHelpRequested()) {
                spec.commandLine().usage(terminal.err());
                return Exit.USAGE;
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }

    private static void addHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(
                            OptionSpec.builder("-h", "--help")
                                    .usageHelp(true)
                                    .description("show this help")
                                    .build());
        }
        line.getSubcommands().values().forEach(Cli::addHelp);
    }

    private static int report(Failure failure, CommandLine command, Terminal terminal) {
        boolean json =
                command.getCommandSpec().userObject() instanceof Output.Chooser chooser
                        && chooser.wantsJson();
        if (json) {
            terminal.note(
                    new String(
                            Json.bytes(Map.of("error", failure.body())), StandardCharsets.UTF_8));
            return failure.exitCode();
        }
        terminal.note(terminal.red("mailgoat:") + " " + failure.line().replace('\n', ' '));
        String fix = failure.body().fix();
        if (fix != null) {
            terminal.note("  fix: " + fix);
        }
        return failure.exitCode();
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
