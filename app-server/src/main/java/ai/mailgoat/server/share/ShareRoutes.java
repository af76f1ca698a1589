package ai.mailgoat.server.share;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.secret.MasterKey;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// `/emails/{id}/share`, and `/shared/{token}`, the page it leads to.
public final class ShareRoutes {
    private final Shares shares;
    private final SharedPage page;
    private final Pages pages;

    /// @param sources where mails are looked for
    /// @param publicUrl base of the links, without trailing slash
    public ShareRoutes(
            List<Letters> sources,
            Downloads downloads,
            InlineImages images,
            Pages pages,
            MasterKey masterKey,
            InstantSource clock,
            String publicUrl) {
        this.shares = new Shares(sources, masterKey, clock, publicUrl);
        this.page = new SharedPage(downloads, images);
        this.pages = pages;
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
        try {
            var shared = shares.open(call.parameter("token"));
            return page.of(pages.of(call, shared.team()), shared);
        } catch (ApiException e) {
            return e.status() == 410
                    ? pages.of(call).notice(410, "page.expired.title", "share.expired.text")
                    : pages.of(call).notice(404, "page.nothing.title", "share.nothing.text");
        }
    }

    private record ShareBody(String object, UUID id, String url, String expiresAt) {}
}
