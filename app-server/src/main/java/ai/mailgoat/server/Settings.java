package ai.mailgoat.server;

import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.delivery.CourierSettings;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.delivery.Router;
import ai.mailgoat.server.dns.Resolvers;
import ai.mailgoat.server.email.Acceptance;
import ai.mailgoat.server.http.HttpSettings;
import ai.mailgoat.server.queue.DispatchLimits;
import ai.mailgoat.server.queue.QueueRunner;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/// What the parts are told, out of the configuration.
final class Settings {
    private static final long ADMIN_BODY = 1024 * 1024;

    private Settings() {}

    static List<InetSocketAddress> resolvers(Config config) {
        return config.dnsResolvers().stream()
                .map(r -> new InetSocketAddress(r.host(), r.port()))
                .toList();
    }

    /// The name to which a domain's own name for links leads. A name for one machine only is none.
    static String webHost(Config config) {
        String host = URI.create(config.http().publicUrl()).getHost();
        return host.contains(".") && !host.matches("[0-9.]+|\\[.*")
                ? host.toLowerCase(Locale.ROOT)
                : config.hostname();
    }

    static Router router(Config config, Resolvers dns) {
        var relay =
                config.delivery().mode() == Config.Mode.RELAY
                        ? config
                                .delivery()
                                .relay()
                                .map(r -> new Route.Host(0, r.host(), r.port()))
                                .stream()
                                .toList()
                        : List.<Route.Host>of();
        return new Router(dns, config.delivery().mxPort(), config.delivery().allowPrivate(), relay);
    }

    static CourierSettings courier(Config config) {
        var settings =
                CourierSettings.defaults(config.hostname())
                        .withOwnAddresses(CourierSettings.machineAddresses());
        // A relay is chosen by whoever runs this, and often stands next door.
        boolean near =
                config.delivery().allowPrivate() || config.delivery().mode() == Config.Mode.RELAY;
        return near ? settings.withPrivateAddresses() : settings;
    }

    static QueueRunner.Settings queue(Config config) {
        return new QueueRunner.Settings(
                config.delivery().retry(),
                new DispatchLimits(
                        config.delivery().connections(),
                        config.delivery().connectionsPerSite(),
                        config.delivery().broadcastPerMinute(),
                        config.delivery().broadcastPerMinutePerSite()),
                Runtime.getRuntime().availableProcessors(),
                config.delivery().retryInDoubt());
    }

    static Acceptance.Limits acceptance(Config config) {
        return new Acceptance.Limits(
                config.limits().maxMessage(),
                config.limits().recipients(),
                config.limits().batch());
    }

    static HttpSettings api(Config config, Clock clock) {
        var limits = config.limits();
        var rates = new HashMap<String, Integer>();
        if (limits.sendsPerSecond() > 0) {
            rates.put("POST /emails", limits.sendsPerSecond());
        }
        if (limits.batchesPerSecond() > 0) {
            rates.put("POST /emails/batch", limits.batchesPerSecond());
        }
        return new HttpSettings(
                        config.http().host(),
                        config.http().port(),
                        limits.maxBody(),
                        limits.ratePerSecond(),
                        clock)
                .withRouteRates(rates)
                .withUserAgentRequired(config.http().requireUserAgent())
                .withUploads(config.dataDir().resolve("uploads"));
    }

    static HttpSettings admin(Config config, Clock clock) {
        return new HttpSettings(config.admin().host(), config.admin().port(), ADMIN_BODY, 0, clock)
                .withUploads(config.dataDir().resolve("uploads"));
    }
}
