package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.services.logs.model.LogEntry;
import com.resend.services.suppressions.model.AddSuppressionOptions;
import com.resend.services.suppressions.model.AddSuppressionsOptions;
import com.resend.services.suppressions.model.ListSuppressionsParams;
import com.resend.services.suppressions.model.RemoveSuppressionsOptions;
import com.resend.services.suppressions.model.SuppressionOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Suppressions, the log of requests, OAuth grants.
final class JavaRest {
    private final JavaSdk sdk;

    JavaRest(JavaSdk sdk) {
        this.sdk = sdk;
    }

    void drive() throws Exception {
        suppressions();
        logs();
        grants();
    }

    private void suppressions() throws Exception {
        var all = sdk.here(sdk.resend.suppressions());
        var batch = sdk.here(all.batch());
        String email = "never+java@inbox.example";
        var made = all.add(AddSuppressionOptions.builder().email(email).build());
        assertEquals("suppression", made.getObject());
        matches(UUID, made.getId());
        var got = all.get(email);
        assertEquals("suppression", got.getObject());
        assertEquals(made.getId(), got.getId());
        assertEquals(email, got.getEmail());
        assertEquals("manual", got.getOrigin());
        assertNull(got.getSourceId());
        matches(TIME, got.getCreatedAt());
        var added =
                batch.add(
                        AddSuppressionsOptions.builder()
                                .emails(List.of("b1@inbox.example", "b2@inbox.example"))
                                .build());
        assertEquals(2, added.getData().size());
        assertEquals("suppression", added.getData().getFirst().getObject());
        var list = all.list();
        assertEquals("list", list.getObject());
        assertEquals(3, list.getData().size());
        var page =
                all.list(
                        ListSuppressionsParams.builder()
                                .origin(SuppressionOrigin.MANUAL)
                                .limit(1)
                                .build());
        assertTrue(page.hasMore());
        var removed =
                batch.remove(
                        RemoveSuppressionsOptions.builder()
                                .emails(List.of("b1@inbox.example", "b2@inbox.example"))
                                .build());
        assertEquals(
                added.getData().stream().map(a -> a.getId()).toList(),
                removed.getData().stream().map(r -> r.getId()).toList());
        assertTrue(removed.getData().getFirst().getDeleted());
        assertEquals(made.getId(), all.remove(made.getId()).getId());
        refused(404, "not_found", "Suppression not found", () -> all.get(email));
    }

    private void logs() throws Exception {
        var logs = sdk.here(sdk.resend.logs());
        var topics = sdk.here(sdk.resend.topics());
        refused(404, "not_found", "Topic not found", () -> topics.get(JavaSdk.UNKNOWN));
        String endpoint = "/topics/" + JavaSdk.UNKNOWN;
        Service.await(
                "logged",
                Duration.ofSeconds(20),
                () ->
                        sdk.installation
                                .get("/logs?limit=100")
                                .get("data")
                                .valueStream()
                                .anyMatch(
                                        log -> log.get("endpoint").asString("").equals(endpoint)));
        var list = logs.list(ListParams.builder().limit(100).build());
        assertEquals("list", list.getObject());
        LogEntry entry =
                list.getData().stream()
                        .filter(log -> log.getEndpoint().equals(endpoint))
                        .findFirst()
                        .orElseThrow();
        matches(UUID, entry.getId());
        assertEquals("GET", entry.getMethod());
        assertEquals(404, entry.getResponseStatus());
        assertTrue(entry.getUserAgent().startsWith("resend-java"), entry.getUserAgent());
        matches(TIME, entry.getCreatedAt());
        var got = logs.get(entry.getId());
        assertEquals("log", got.getObject());
        assertEquals(endpoint, got.getEndpoint());
        assertEquals("not_found", got.getResponseBody().get("name"));
        assertTrue(!logs.list().getData().isEmpty());
    }

    private void grants() throws Exception {
        var grants = sdk.here(sdk.resend.oauthGrants());
        for (String name : List.of("First", "Second")) {
            sdk.installation
                    .service()
                    .adminPost(
                            "/v1/oauth/grants",
                            Map.of(
                                    "client_id",
                                    "client-" + name,
                                    "client_name",
                                    name,
                                    "scopes",
                                    List.of("emails:send")));
        }
        var list = grants.list();
        assertEquals("list", list.getObject());
        var grant = list.getData().getFirst();
        assertEquals("client-Second", grant.getClientId());
        assertEquals(List.of("emails:send"), grant.getScopes());
        assertEquals("Second", grant.getClient().getName());
        assertNull(grant.getRevokedAt());
        matches(TIME, grant.getCreatedAt());
        assertTrue(grants.list(ListParams.builder().limit(1).build()).hasMore());
        var revoked = grants.revoke(grant.getId());
        assertEquals("oauth_grant", revoked.getObject());
        assertEquals(grant.getId(), revoked.getId());
        matches(JavaSdk.ISO, revoked.getRevokedAt());
        assertTrue(revoked.getRevokedReason() != null);
    }
}
