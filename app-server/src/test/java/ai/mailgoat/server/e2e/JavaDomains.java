package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UNKNOWN;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.Resend;
import com.resend.core.net.ListParams;
import com.resend.services.apikeys.ApiKeys;
import com.resend.services.apikeys.model.CreateApiKeyOptions;
import com.resend.services.apikeys.model.UpdateApiKeyOptions;
import com.resend.services.domains.Domains;
import com.resend.services.domains.model.ClaimDomainOptions;
import com.resend.services.domains.model.CreateDomainOptions;
import com.resend.services.domains.model.Tls;
import com.resend.services.domains.model.UpdateDomainOptions;
import com.resend.services.emails.Emails;
import java.util.List;
import java.util.Map;

/// Domains, claims of domains, API keys.
final class JavaDomains {
    private final JavaSdk sdk;
    private final Domains domains;

    JavaDomains(JavaSdk sdk) {
        this.sdk = sdk;
        domains = sdk.here(sdk.resend.domains());
    }

    void drive() throws Exception {
        domains();
        claims();
        keys();
    }

    private void domains() throws Exception {
        var made =
                domains.create(
                        CreateDomainOptions.builder()
                                .name("java.example.org")
                                .region("sa-east-1")
                                .customReturnPath("back")
                                .build());
        String id = made.getId();
        assertEquals("java.example.org", made.getName());
        assertEquals("sa-east-1", made.getRegion());
        assertEquals("not_started", made.getStatus());
        assertTrue(made.getRecords().size() >= 3, made.getRecords().toString());
        var mx = made.getRecords().stream().filter(r -> r.getType().equals("MX")).findFirst();
        assertEquals(10, mx.orElseThrow().getPriority());
        assertEquals("back.java", mx.get().getName());
        assertEquals("Auto", mx.get().getTtl());
        assertEquals("not_started", mx.get().getStatus());

        var got = domains.get(id);
        assertEquals("domain", got.getObject());
        assertEquals(made.getRecords().size(), got.getRecords().size());
        matches(TIME, got.getCreatedAt());
        var list = domains.list();
        assertEquals("list", list.getObject());
        assertEquals(
                List.of("java.example.org", "sender.example"),
                list.getData().stream().map(d -> d.getName()).toList());
        var page = domains.list(ListParams.builder().limit(1).build());
        assertTrue(page.hasMore());
        assertEquals(id, page.getData().getFirst().getId());
        var changed =
                domains.update(
                        UpdateDomainOptions.builder()
                                .id(id)
                                .openTracking(true)
                                .tls(Tls.ENFORCED)
                                .build());
        assertEquals(id, changed.getId());
        assertEquals("domain", changed.getObject());
        assertTrue(domains.get(id).getOpenTracking());
        assertEquals(id, domains.verify(id).getId());
        assertEquals("pending", domains.get(id).getStatus());
        assertTrue(domains.remove(id).isDeleted());
        refused(404, "not_found", "Domain not found", () -> domains.get(id));
    }

    private void claims() throws Exception {
        String other = sdk.installation.service().otherTeam("Other");
        sdk.installation
                .service()
                .post(other, "/domains", Map.of("name", "claimed-java.example.org"));
        var claims = sdk.here(domains.claims());
        var claim =
                claims.create(
                        ClaimDomainOptions.builder().name("claimed-java.example.org").build());
        assertEquals("domain_claim", claim.getObject());
        matches(UUID, claim.getId());
        assertEquals("claimed-java.example.org", claim.getName());
        assertEquals("pending", claim.getStatus());
        assertEquals("TXT", claim.getRecord().getType());
        assertEquals("Auto", claim.getRecord().getTtl());
        matches("\\S+=\\S+", claim.getRecord().getValue());
        matches(TIME, claim.getExpiresAt());
        String handle = claim.getDomainId() == null ? claim.getId() : claim.getDomainId();
        assertEquals(claim.getId(), claims.get(handle).getId());
        assertEquals(claim.getId(), claims.verify(handle).getId());
        refused(404, "not_found", "not found", () -> claims.get(UNKNOWN));
    }

    private void keys() throws Exception {
        ApiKeys keys = sdk.here(sdk.resend.apiKeys());
        var made =
                keys.create(
                        CreateApiKeyOptions.builder()
                                .name("of java")
                                .permission("sending_access")
                                .domainId(sdk.installation.domainId())
                                .build());
        matches("re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", made.getToken());
        Emails restricted = sdk.here(new Resend(made.getToken()).emails());
        String id = restricted.send(JavaEmails.plain("restricted", null)).getId();
        refused(401, "restricted_api_key", "restricted", () -> restricted.get(id));
        var renamed =
                keys.update(made.getId(), UpdateApiKeyOptions.builder().name("renamed").build());
        assertEquals("api_key", renamed.getObject());
        assertEquals(made.getId(), renamed.getId());
        var newest = keys.list().getData().getFirst();
        assertEquals(made.getId(), newest.getId());
        assertEquals("renamed", newest.getName());
        matches(TIME, newest.getCreatedAt());
        var page = keys.list(ListParams.builder().limit(1).build());
        assertTrue(page.hasMore());
        assertEquals("list", page.getObject());
        assertTrue(keys.remove(made.getId()));
        assertTrue(keys.list().getData().stream().noneMatch(k -> k.getId().equals(made.getId())));
        refused(
                401,
                "validation_error",
                "API key is invalid",
                () -> restricted.send(JavaEmails.plain("x", null)));
    }
}
