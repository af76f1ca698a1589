package ai.mailgoat.server;

import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Store;
import java.net.URI;

/// The whole appliance, built by hand. Read it top to bottom to learn what talks to what.
public final class Appliance implements AutoCloseable {
    private final Config config;
    private final Store store;

    private Appliance(Config config, Store store) {
        this.config = config;
        this.store = store;
    }

    /// Opens everything; returns when traffic is taken.
    public static Appliance start(Config config) {
        var database = Database.open(config.dataDir());
        database.migrate(config.dataDir());
        return new Appliance(config, Store.open(database, 2));
    }

    public URI apiUrl() {
        return URI.create("http://" + config.http().host() + ":" + config.http().port());
    }

    public URI adminUrl() {
        return URI.create("http://" + config.admin().host() + ":" + config.admin().port());
    }

    /// Takes no more traffic, finishes what is in progress, closes the store.
    @Override
    public void close() {
        store.close();
    }
}
