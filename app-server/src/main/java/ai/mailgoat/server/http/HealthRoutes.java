package ai.mailgoat.server.http;

import ai.mailgoat.server.http.Endpoints.Access;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/livez`: the process answers. `/ready`, `/readyz`, `/healthz`: it takes traffic, or 503.
/// `/health`: the same with each part, for people.
public final class HealthRoutes {
    private final List<HealthCheck> checks;

    public HealthRoutes(List<HealthCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    /// For everybody: the names of the parts and whether they are well, no more.
    public void register(Endpoints endpoints) {
        register(endpoints, Access.PUBLIC);
    }

    /// @param access who may see `/health`; when not everybody may, it tells details too
    public void register(Endpoints endpoints, Access access) {
        boolean details = access != Access.PUBLIC;
        endpoints
                .get("/livez", Access.PUBLIC, call -> Answer.ok(new Status("ok")))
                .get("/ready", Access.PUBLIC, call -> ready())
                .get("/readyz", Access.PUBLIC, call -> ready())
                .get("/healthz", Access.PUBLIC, call -> ready())
                .get("/health", access, call -> health(details));
    }

    private Answer ready() {
        boolean ok = checks.stream().allMatch(check -> check.check().get().ok());
        return Answer.of(ok ? 200 : 503, new Status(word(ok)));
    }

    private Answer health(boolean details) {
        var parts =
                checks.stream()
                        .map(check -> {
                            var state = check.check().get();
                            return new Part(
                                    check.name(),
                                    word(state.ok()),
                                    details ? state.detail() : null);
                        })
                        .toList();
        boolean ok = parts.stream().allMatch(part -> part.status().equals(word(true)));
        return Answer.of(ok ? 200 : 503, new Health(word(ok), parts));
    }

    private static String word(boolean ok) {
        return ok ? "ok" : "unavailable";
    }

    record Status(String status) {}

    record Health(String status, List<Part> checks) {}

    record Part(
            String name,
            String status,
            @com.fasterxml.jackson.annotation.JsonInclude(
                            com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
                    @Nullable String detail) {}
}
