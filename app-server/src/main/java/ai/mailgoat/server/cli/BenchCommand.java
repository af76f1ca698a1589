package ai.mailgoat.server.cli;

import picocli.CommandLine.Command;

@Command(name = "bench")
final class BenchCommand extends LocalCommand {
    BenchCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        return Exit.OK;
    }
}
