package ai.mailgoat.server.cli;

import ai.mailgoat.server.store.Database;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "migrate",
        description =
                "The database's schema. `serve` migrates by itself; this is for doing it first.")
final class MigrateCommand extends LocalCommand implements Output.Chooser {
    private static final class What {
        @Option(names = "--status", description = "the schema's version and the newest (default)")
        private boolean status;

        @Option(names = "--up", description = "migrate, after a backup into backups/")
        private boolean up;
    }

    @ArgGroup private final What what = new What();

    @Mixin private final Output output = new Output();

    MigrateCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        var config = quietConfig();
        try (var database = Database.open(config.dataDir())) {
            if (what.up && !what.status) {
                database.migrate(config.dataDir());
            }
            var state = database.schema();
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("data_dir", config.dataDir().toString());
            answer.put("schema", state.current() == null ? 0 : state.current());
            answer.put("newest", state.newest());
            answer.put("up_to_date", state.current() != null && state.current() == state.newest());
            return output.show(
                    terminal(),
                    answer,
                    map ->
                            map.forEach((key, value) ->
                                    terminal().line("%-11s %s".formatted(key, value))));
        }
    }

    @Override
    public boolean wantsJson() {
        return output.isJson(terminal());
    }
}
