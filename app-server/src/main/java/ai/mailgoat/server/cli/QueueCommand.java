package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.QueueStatus;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "queue", description = "What waits for delivery: status.")
final class QueueCommand extends Noun {
    QueueCommand(Context context) {
        super(new Status(context));
    }

    @Command(name = "status", description = "How many entries wait, how many are due, how old.")
    static final class Status implements Callable<Integer>, Output.Chooser {
        private final Context context;

        @Mixin private final Output output = new Output();

        @Option(names = "--config", paramLabel = "FILE", description = "the service's")
        private @Nullable Path config;

        Status(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            QueueStatus status;
            try (var admin = context.admin(context.config(config))) {
                status = admin.queue();
            }
            return output.show(context.terminal(), status, this::show);
        }

        private void show(QueueStatus status) {
            context.terminal().line("entries  " + status.entries());
            context.terminal().line("due      " + status.due());
            context.terminal()
                    .line("oldest   " + (status.oldest() == null ? "-" : status.oldest()));
        }

        @Override
        public boolean wantsJson() {
            return output.isJson(context.terminal());
        }
    }
}
