package ai.mailgoat.server.cli;

import picocli.CommandLine.Command;

@Command(name = "demo")
final class DemoCommand extends LocalCommand {
    DemoCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        return Exit.OK;
    }
}
