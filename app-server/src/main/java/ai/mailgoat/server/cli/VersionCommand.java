package ai.mailgoat.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// For the help and for odd spellings; the usual ones are answered before (see {@link Version}).
@Command(name = "version", description = "The program's version.")
final class VersionCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.terminal().line(json ? Version.json() : "mailgoat " + Version.number());
        return Exit.OK;
    }
}
