package ai.mailgoat.server.cli;

import ai.mailgoat.server.config.Logging;
import picocli.CommandLine.Command;

@Command(
        name = "serve",
        description = "Runs the service in the foreground until SIGTERM or Ctrl-C.")
final class ServeCommand extends LocalCommand {
    ServeCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws InterruptedException {
        var config = config();
        Logging.apply(config.log());
        var foreground = new Foreground(terminal());
        foreground.watch(() -> {});
        var running = foreground.run(() -> context().service().start(config), config.dataDir());
        terminal().line("ready api=" + running.apiUrl() + " admin=" + running.adminUrl());
        return foreground.await();
    }
}
