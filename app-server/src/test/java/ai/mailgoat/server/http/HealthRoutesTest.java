package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HealthCheck.State;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
    private final AtomicBoolean well = new AtomicBoolean(true);
    private final HealthRoutes routes =
            new HealthRoutes(
                    List.of(
                            HealthCheck.of("store", well::get),
                            new HealthCheck("disk", () -> new State(true, "9 GB free"))));

    @Test
    void tellsStrangersNamesOnly() {
        var endpoints = new Endpoints();
        routes.register(endpoints);
        try (var server = TestServer.with(endpoints)) {
            var health = server.send(server.anonymous("/health"));
            assertEquals(200, health.statusCode());
            assertEquals(
                    "{\"status\":\"ok\",\"checks\":[{\"name\":\"store\",\"status\":\"ok\"},{\"name\":\"disk\",\"status\":\"ok\"}]}",
                    health.body());
            for (String path : List.of("/ready", "/readyz", "/healthz", "/livez")) {
                var answer = server.send(server.anonymous(path));
                assertEquals(200, answer.statusCode());
                assertEquals("{\"status\":\"ok\"}", answer.body());
            }
            well.set(false);
            for (String path : List.of("/ready", "/readyz", "/healthz")) {
                var answer = server.send(server.anonymous(path));
                assertEquals(503, answer.statusCode());
                assertEquals("{\"status\":\"unavailable\"}", answer.body());
            }
            assertEquals(503, server.send(server.anonymous("/health")).statusCode());
            assertEquals(200, server.send(server.anonymous("/livez")).statusCode());
        }
    }

    @Test
    void tellsDetailsToWhomItKnows() {
        var endpoints = new Endpoints();
        routes.register(endpoints, Access.FULL);
        try (var server = TestServer.with(endpoints)) {
            assertEquals(401, server.send(server.anonymous("/health")).statusCode());
            assertEquals(
                    "{\"status\":\"ok\",\"checks\":[{\"name\":\"store\",\"status\":\"ok\",\"detail\":\"\"},"
                            + "{\"name\":\"disk\",\"status\":\"ok\",\"detail\":\"9 GB free\"}]}",
                    server.send(server.request("/health")).body());
        }
    }
}
