package ai.mailgoat.server.cli;

import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// The choice between a table for people and JSON for programs.
final class Output {

    /// A command that makes this choice; its errors follow it.
    interface Chooser {
        boolean wantsJson();
    }

    @Option(names = "--json", description = "print JSON; the default where no terminal is")
    private boolean json;

    boolean isJson(Terminal terminal) {
        return json || !terminal.interactive();
    }

    /// Prints `value` as JSON, or has a person's form of it printed.
    <T> int show(Terminal terminal, T value, Consumer<T> table) {
        if (isJson(terminal)) {
            terminal.json(value);
        } else {
            table.accept(value);
        }
        return Exit.OK;
    }
}
