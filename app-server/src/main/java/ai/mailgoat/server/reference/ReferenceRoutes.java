package ai.mailgoat.server.reference;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `/openapi.json`, `/openapi.yaml` and `/docs`, for everybody. What they answer is made at the
/// first request for any of them.
public final class ReferenceRoutes {
    /// Nothing is loaded but the one style sheet.
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String CONTENT_TYPE = "content-type";

    private final String version;
    private @Nullable Pages pages;

    /// @param version of the service
    public ReferenceRoutes(String version) {
        this.version = version;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/openapi.json", Access.PUBLIC, call -> answer(call, Pages::json))
                .get("/openapi.yaml", Access.PUBLIC, call -> answer(call, Pages::yaml))
                .get("/docs", Access.PUBLIC, call -> answer(call, Pages::html))
                .get("/docs/style.css", Access.PUBLIC, call -> answer(call, Pages::style));
    }

    private Answer answer(Call call, Function<Pages, Page> which) {
        var page = which.apply(pages());
        boolean known =
                call.header()
                        .apply("if-none-match")
                        .filter(t -> t.contains(page.tag()))
                        .isPresent();
        var answer =
                known
                        ? new Answer(304, new byte[0], Map.of(CONTENT_TYPE, page.type()))
                        : Answer.octets(page.type(), page.octets());
        return answer.with("etag", page.tag())
                .with("cache-control", "no-cache")
                .with("content-security-policy", POLICY)
                .with("x-content-type-options", "nosniff")
                .with("referrer-policy", "no-referrer");
    }

    private synchronized Pages pages() {
        if (pages == null) {
            pages = Pages.of(ApiDocument.load(version));
        }
        return pages;
    }

    private record Page(String type, byte[] octets, String tag) {
        static Page of(String type, byte[] octets) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(octets);
                return new Page(type, octets, '"' + HexFormat.of().formatHex(hash, 0, 8) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        static Page of(String type, String text) {
            return of(type, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Pages(Page json, Page yaml, Page html, Page style) {
        static Pages of(ApiDocument document) {
            return new Pages(
                    Page.of("application/json; charset=utf-8", document.json()),
                    Page.of("application/yaml; charset=utf-8", document.yaml()),
                    Page.of("text/html; charset=utf-8", new ReferencePage(document).html()),
                    Page.of("text/css; charset=utf-8", styleSheet()));
        }

        private static byte[] styleSheet() {
            try (var in = ReferenceRoutes.class.getResourceAsStream("style.css")) {
                return Objects.requireNonNull(in, "style.css").readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
