package ai.mailgoat.server.cli;

import picocli.CommandLine.Command;

@Command(name = "doctor")
final class DoctorCommand extends LocalCommand {
    DoctorCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        return Exit.OK;
    }
}
