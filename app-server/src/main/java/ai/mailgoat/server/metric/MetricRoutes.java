package ai.mailgoat.server.metric;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.time.InstantSource;

/// `/emails/metrics`.
public final class MetricRoutes {
    private final Metrics metrics;
    private final InstantSource clock;

    public MetricRoutes(Metrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    public void register(Endpoints endpoints) {
        endpoints.get(
                "/emails/metrics",
                Access.FULL,
                call ->
                        Answer.ok(
                                metrics.answer(
                                        call.principal().team(),
                                        MetricQuery.read(call, clock.instant()))));
    }
}
