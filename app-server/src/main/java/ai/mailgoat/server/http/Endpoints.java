package ai.mailgoat.server.http;

import java.util.ArrayList;
import java.util.List;

/// The table of all routes. A feature's `XRoutes` adds its own, one line each:
///
/// ```java
/// endpoints.get("/domains/{id}", Access.FULL, this::get);
/// ```
///
/// A literal segment wins over a `{parameter}` wherever both fit, whatever the order of
/// declaration.
public final class Endpoints {
    private final List<Endpoint> all = new ArrayList<>();

    /// Which keys may call.
    public enum Access {
        /// Anybody, without a key.
        PUBLIC,
        /// Any key; a `sending_access` key too.
        SENDING,
        /// Keys with `full_access`.
        FULL
    }

    public interface Handler {
        /// @throws ApiException to refuse
        Answer handle(Call call);
    }

    /// @param path with `{name}` for a parameter, such as `/emails/{id}/cancel`
    /// @param upload octets of a body that goes into a file instead of memory; 0 for all others
    public record Endpoint(
            String method, String path, Access access, long upload, Handler handler) {}

    public Endpoints get(String path, Access access, Handler handler) {
        return add("GET", path, access, handler);
    }

    public Endpoints post(String path, Access access, Handler handler) {
        return add("POST", path, access, handler);
    }

    public Endpoints patch(String path, Access access, Handler handler) {
        return add("PATCH", path, access, handler);
    }

    public Endpoints delete(String path, Access access, Handler handler) {
        return add("DELETE", path, access, handler);
    }

    /// A POST whose body may be large: it is spooled, and the handler finds it at {@link
    /// Call#upload}.
    ///
    /// @param cap octets at most
    public Endpoints upload(String path, Access access, long cap, Handler handler) {
        all.add(new Endpoint("POST", path, access, cap, handler));
        return this;
    }

    public List<Endpoint> all() {
        return List.copyOf(all);
    }

    private Endpoints add(String method, String path, Access access, Handler handler) {
        all.add(new Endpoint(method, path, access, 0, handler));
        return this;
    }
}
