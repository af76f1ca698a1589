package ai.mailgoat.server;

import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.HttpServer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Locale;

/// The whole appliance: its {@link Parts} and its {@link Doors}, started and stopped in order.
public final class Appliance implements AutoCloseable {
    private final Config config;
    private final Parts parts;
    private final Doors doors;
    private boolean listening;

    private Appliance(Config config, Parts parts, Doors doors) {
        this.config = config;
        this.parts = parts;
        this.doors = doors;
    }

    /// Opens the data and builds everything; takes no traffic yet.
    ///
    /// @throws ai.mailgoat.server.store.StoreUnavailableException or another exception of one clear
    ///   line when the data cannot be used
    static Appliance open(Config config) {
        var parts = new Parts(config);
        return new Appliance(config, parts, new Doors(config, parts));
    }

    /// Opens everything and returns once traffic is taken. What is owed goes out first: while the
    /// doors are being made, its first mails load what every delivery needs, and who comes through
    /// the doors need not wait for that.
    ///
    /// @throws PortTakenException when a port is in use; nothing is left running
    public static Appliance start(Config config) {
        var parts = new Parts(config);
        Appliance appliance;
        try {
            parts.deliver();
            appliance = new Appliance(config, parts, new Doors(config, parts));
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
        try {
            appliance.listen();
            return appliance;
        } catch (RuntimeException e) {
            appliance.close();
            throw e;
        }
    }

    /// Where the API is served.
    public URI apiUrl() {
        return url(config.http().host(), doors.api.port());
    }

    /// Where the admin API is served.
    public URI adminUrl() {
        return url(config.admin().host(), doors.admin.port());
    }

    /// The routes of the API; those of the admin API are not among them.
    Endpoints endpoints() {
        return doors.endpoints;
    }

    Setup setup() {
        return parts.setup;
    }

    /// Stops in the order of the way of a mail: no new requests, then no new deliveries, then what
    /// is left of writes.
    @Override
    public void close() {
        if (listening) {
            doors.api.close();
            doors.admin.close();
        }
        doors.requestLogs.close();
        doors.housekeeping.close();
        parts.close();
    }

    private void listen() {
        listening = true;
        doors.requestLogs.start();
        listen(doors.api, "http.port", config.http().host(), config.http().port());
        listen(doors.admin, "admin.port", config.admin().host(), config.admin().port());
        parts.run();
        doors.housekeeping.start();
    }

    private static void listen(HttpServer server, String key, String host, int port) {
        try {
            server.start();
        } catch (UncheckedIOException e) {
            throw new PortTakenException(key, host, port, e);
        }
    }

    private static URI url(String host, int port) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name.toLowerCase(Locale.ROOT) + ":" + port);
    }
}
