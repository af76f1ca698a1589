package ai.mailgoat.server.cli;

import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.config.Logging;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A command that works with the configuration and data of this machine.
abstract class LocalCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "default $MAILGOAT_CONFIG, else /etc/mailgoat/mailgoat.yaml, else built-in values")
    private @Nullable Path config;

    LocalCommand(Context context) {
        this.context = context;
    }

    final Context context() {
        return context;
    }

    final Terminal terminal() {
        return context.terminal();
    }

    final Config config() {
        return context.config(config);
    }

    /// As {@link #config}, for a command that answers and ends: its log is for trouble only.
    final Config quietConfig() {
        var read = config();
        Logging.apply(new Config.Log(read.log().format(), "warn"));
        return read;
    }
}
