package ai.mailgoat.server.share;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.secret.MasterKey;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// `/emails/{id}/share`, and `/shared/{token}`, the page it leads to.
public final class ShareRoutes {
    /// No script runs and nothing is asked of this host or sent to it. The mail's own frame is
    /// bound by the same policy, hence the styles and the images.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private final Shares shares;
    private final SharedPage page;

    /// @param sources where mails are looked for
    /// @param publicUrl base of the links, without trailing slash
    public ShareRoutes(
            List<Letters> sources,
            Downloads downloads,
            InlineImages images,
            MasterKey masterKey,
            InstantSource clock,
            String publicUrl) {
        this.shares = new Shares(sources, masterKey, clock, publicUrl);
        this.page = new SharedPage(downloads, images);
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/emails/{id}/share", Access.FULL, this::share)
                .get("/shared/{token}", Access.PUBLIC, this::show);
    }

    private Answer share(Call call) {
        var id = call.uuid("id");
        var lifetime =
                call.body()
                        .string("expires_in")
                        .map(ShareDuration::parse)
                        .orElse(ShareDuration.MAX);
        var link = shares.share(call.principal().team(), id, lifetime);
        return Answer.ok(new ShareBody("email", id, link.url(), ApiTime.iso(link.expiresAt())));
    }

    // People read what this answers, also when the link is of no use.
    private Answer show(Call call) {
        Answer answer;
        try {
            var shared = shares.open(call.parameter("token"));
            answer = Answer.html(200, page.of(shared));
        } catch (ApiException e) {
            answer = Answer.html(e.status(), SharedPage.notice(e.status()));
        }
        return answer.with("content-security-policy", POLICY)
                .with("referrer-policy", "no-referrer")
                .with("x-content-type-options", "nosniff")
                .with("x-robots-tag", "noindex")
                .with("cache-control", "private, no-store");
    }

    private record ShareBody(String object, UUID id, String url, String expiresAt) {}
}
