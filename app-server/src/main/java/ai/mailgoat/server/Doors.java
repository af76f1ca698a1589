package ai.mailgoat.server;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.server.apikey.ApiKeyRoutes;
import ai.mailgoat.server.apikey.GrantRoutes;
import ai.mailgoat.server.apikey.Grants;
import ai.mailgoat.server.apikey.WhoamiRoutes;
import ai.mailgoat.server.broadcast.BroadcastRoutes;
import ai.mailgoat.server.broadcast.Broadcasts;
import ai.mailgoat.server.broadcast.ResponseRoutes;
import ai.mailgoat.server.cli.Version;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.console.AdminRoutes;
import ai.mailgoat.server.console.AdminToken;
import ai.mailgoat.server.console.TeamRoutes;
import ai.mailgoat.server.contact.ChoiceRoutes;
import ai.mailgoat.server.contact.ContactBatchRoutes;
import ai.mailgoat.server.contact.ContactRoutes;
import ai.mailgoat.server.contact.Preferences;
import ai.mailgoat.server.domain.DomainClaimRoutes;
import ai.mailgoat.server.domain.DomainClaims;
import ai.mailgoat.server.domain.DomainRoutes;
import ai.mailgoat.server.download.DownloadRoutes;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.email.EmailRoutes;
import ai.mailgoat.server.event.EventStreamRoutes;
import ai.mailgoat.server.front.FrontRoutes;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.HealthCheck;
import ai.mailgoat.server.http.HealthRoutes;
import ai.mailgoat.server.http.HttpServer;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.RequestLog;
import ai.mailgoat.server.imports.ImportRoutes;
import ai.mailgoat.server.metric.MetricRoutes;
import ai.mailgoat.server.page.BrandRoutes;
import ai.mailgoat.server.property.PropertyRoutes;
import ai.mailgoat.server.receiving.ReceivingRoutes;
import ai.mailgoat.server.reference.ReferenceRoutes;
import ai.mailgoat.server.rehearsal.AudienceCount;
import ai.mailgoat.server.rehearsal.LinkCheck;
import ai.mailgoat.server.rehearsal.RehearsalRoutes;
import ai.mailgoat.server.rehearsal.Rehearsals;
import ai.mailgoat.server.rehearsal.SenderCheck;
import ai.mailgoat.server.requestlog.LogRoutes;
import ai.mailgoat.server.requestlog.RequestLogs;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.share.ShareRoutes;
import ai.mailgoat.server.signup.SignupFormRoutes;
import ai.mailgoat.server.signup.SignupForms;
import ai.mailgoat.server.signup.SignupPages;
import ai.mailgoat.server.signup.SignupRoutes;
import ai.mailgoat.server.signup.Signups;
import ai.mailgoat.server.suppression.SuppressionRoutes;
import ai.mailgoat.server.template.TemplateRoutes;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.tracking.TrackingRoutes;
import ai.mailgoat.server.unsubscribe.UnsubscribeRoutes;
import ai.mailgoat.server.unsubscribe.Unsubscribes;
import ai.mailgoat.server.usage.UsageRoutes;
import ai.mailgoat.server.webhook.WebhookRepairRoutes;
import ai.mailgoat.server.webhook.WebhookRepairs;
import ai.mailgoat.server.webhook.WebhookRoutes;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Where the appliance is reached: which routes there are, and the two servers that serve them.
/// Nothing listens yet.
final class Doors {
    /// Octets on the disk below which the service is soon in trouble.
    private static final long ROOM = 512L * 1024 * 1024;

    final Endpoints endpoints;
    final RequestLogs requestLogs;
    final Housekeeping housekeeping;
    final HttpServer api;
    final HttpServer admin;

    Doors(Config config, Parts parts) {
        endpoints = new Endpoints();
        var storeCheck = HealthCheck.of("store", parts.store::isHealthy);
        var health = new HealthRoutes(List.of(storeCheck));
        health.register(endpoints);
        new ReferenceRoutes(Version.number()).register(endpoints);
        var emailRoutes =
                new EmailRoutes(
                        parts.acceptance, parts.emails, parts.usage, parts.store, parts.clock);
        emailRoutes.register(endpoints);
        new EventStreamRoutes(parts.eventStreams, parts.apiKeys::isValid).register(endpoints);
        new UsageRoutes(parts.usage, config.limits().ratePerSecond()).register(endpoints);
        requestLogs =
                new RequestLogs(
                        parts.store,
                        parts.clock,
                        config.logs().retention(),
                        config.logs().bodies());
        new LogRoutes(requestLogs).register(endpoints);
        var settings = Settings.api(config, parts.clock);
        new WhoamiRoutes(parts.apiKeys, parts.teams, parts.usage, settings).register(endpoints);
        new ReceivingRoutes(parts.received).register(endpoints);
        new ShareRoutes(
                        List.of(parts.emails, parts.received),
                        parts.downloads,
                        new InlineImages(parts.blobs),
                        parts.pages,
                        parts.masterKey,
                        parts.clock,
                        config.http().publicUrl())
                .register(endpoints);
        new DownloadRoutes(parts.downloads, parts.blobs).register(endpoints);
        parts.pages.register(endpoints);
        var room = HealthCheck.of("room", () -> config.dataDir().toFile().getUsableSpace() > ROOM);
        new FrontRoutes(parts.pages, List.of(storeCheck, room), config.http().publicUrl())
                .register(endpoints);
        new BrandRoutes(parts.brands, config.http().publicUrl()).register(endpoints);
        var preferences = new Preferences(parts.contacts, parts.topics, parts.events, parts.clock);
        new UnsubscribeRoutes(
                        new Unsubscribes(
                                parts.store,
                                parts.unsubscribeLinks,
                                preferences,
                                (tx, email) ->
                                        parts.engagements.unsubscribed(
                                                tx,
                                                email,
                                                parts.clock
                                                        .instant()
                                                        .truncatedTo(ChronoUnit.MICROS))),
                        parts.pages)
                .register(endpoints);
        new TrackingRoutes(
                        parts.trackingLinks,
                        parts.pages,
                        parts.engagements,
                        parts.sending::isTrackingHost,
                        parts.clock)
                .register(endpoints);
        new ResponseRoutes(parts.responses).register(endpoints);
        new MetricRoutes(parts.metrics, parts.clock).register(endpoints);
        var signupForms =
                new SignupForms(
                        parts.store,
                        parts.segments,
                        parts.topics,
                        parts.sending,
                        parts.clock,
                        parts.ids);
        var signups =
                new Signups(
                        parts.store,
                        signupForms,
                        parts.contacts,
                        parts.acceptance,
                        parts.events::record,
                        parts.masterKey,
                        parts.clock,
                        parts.ids);
        new SignupFormRoutes(signupForms, config.http().publicUrl()).register(endpoints);
        new SignupRoutes(signups).register(endpoints);
        new SignupPages(signupForms, signups, parts.pages, parts.clock, config.http().publicUrl())
                .register(endpoints);
        housekeeping =
                new Housekeeping(
                        List.of(
                                emailRoutes::sweep,
                                parts.leftovers::sweep,
                                requestLogs::sweep,
                                signups::sweep),
                        List.of(
                                parts.revision::sweep,
                                parts.responses::catchUp,
                                parts.metrics::catchUp));
        new DomainRoutes(parts.domains).register(endpoints);
        new DomainClaimRoutes(
                        new DomainClaims(
                                parts.store,
                                parts.domains,
                                parts.dns,
                                parts.clock,
                                parts.ids,
                                parts.random))
                .register(endpoints);
        new ApiKeyRoutes(parts.apiKeys).register(endpoints);
        var grants = new Grants(parts.store, parts.apiKeys, parts.clock, parts.ids, parts.random);
        new GrantRoutes(grants).register(endpoints);
        new WebhookRoutes(parts.webhooks).register(endpoints);
        new WebhookRepairRoutes(
                        new WebhookRepairs(
                                parts.store,
                                parts.masterKey,
                                parts.outbound,
                                parts.webhookCalls,
                                parts.ids,
                                parts.clock))
                .register(endpoints);
        new SuppressionRoutes(parts.store, parts.suppressions).register(endpoints);
        new TemplateRoutes(parts.templates).register(endpoints);
        new PropertyRoutes(parts.properties).register(endpoints);
        new SegmentRoutes(parts.segments).register(endpoints);
        new TopicRoutes(parts.topics).register(endpoints);
        var broadcasts =
                new Broadcasts(
                        parts.store,
                        parts.sending,
                        parts.segments,
                        parts.topics,
                        parts.broadcastRunner::wake,
                        parts.clock,
                        parts.ids);
        new BroadcastRoutes(broadcasts).register(endpoints);
        new RehearsalRoutes(
                        new Rehearsals(
                                broadcasts,
                                new AudienceCount(
                                        parts.store,
                                        parts.contacts,
                                        parts.properties,
                                        parts.segments,
                                        parts.topics,
                                        parts.suppressions),
                                new SenderCheck(parts.sending, parts.dns),
                                new LinkCheck(parts.outbound),
                                config.http().publicUrl(),
                                config.limits().maxMessage()))
                .register(endpoints);
        new ImportRoutes(parts.imports).register(endpoints);
        new ContactRoutes(parts.contacts, parts.choices).register(endpoints);
        new ContactBatchRoutes(parts.contacts).register(endpoints);
        new ChoiceRoutes(parts.choices).register(endpoints);
        api =
                new HttpServer(
                        settings, endpoints, parts.apiKeys, RequestLog.debug().and(requestLogs));

        var adminEndpoints = new Endpoints();
        health.register(adminEndpoints);
        new AdminRoutes(
                        parts.store,
                        parts.emails,
                        parts.received,
                        parts.queue,
                        body -> setUp(parts.setup, body),
                        Version.number())
                .register(adminEndpoints);
        new TeamRoutes(parts.store, parts.teams, parts.apiKeys, grants).register(adminEndpoints);
        var token =
                AdminToken.issue(
                        config.dataDir(),
                        () ->
                                parts.store.write(
                                        tx -> parts.teams.ensureDefault(tx, "MailGoat", null)));
        admin =
                new HttpServer(
                        Settings.admin(config, parts.clock),
                        adminEndpoints,
                        token,
                        RequestLog.debug());
    }

    private static Object setUp(Setup setup, JsonBody body) {
        var password = body.string("admin_password").map(String::toCharArray).orElse(null);
        return setup.run(
                new SetupRequest(
                        body.string("admin_email").orElse(null),
                        password,
                        body.string("domain").orElse(null)));
    }
}
