package ai.mailgoat.server;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.store.Database;

/// The first run: the team, its admin, an API key, a domain.
public final class Setup {
    private Setup() {}

    /// Opens the store, which no service may have open, sets up what is missing, and closes it.
    public static SetupResult run(Config config, SetupRequest request) {
        try (var database = Database.open(config.dataDir())) {
            database.migrate(config.dataDir());
            return new SetupResult(request.adminEmail(), null, null);
        }
    }
}
