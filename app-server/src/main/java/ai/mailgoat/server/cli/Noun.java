package ai.mailgoat.server.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that only groups others.
abstract class Noun {
    private final List<Object> verbs;

    Noun(Object... verbs) {
        this.verbs = List.of(verbs);
    }

    @Spec
    void setSpec(CommandSpec spec) {
        for (var verb : verbs) {
            var line = new picocli.CommandLine(verb);
            spec.addSubcommand(line.getCommandName(), line);
        }
    }
}
