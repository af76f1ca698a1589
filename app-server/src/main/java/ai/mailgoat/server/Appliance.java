package ai.mailgoat.server;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.apikey.ApiKeyRoutes;
import ai.mailgoat.server.apikey.ApiKeys;
import ai.mailgoat.server.apikey.GrantRoutes;
import ai.mailgoat.server.apikey.Grants;
import ai.mailgoat.server.apikey.WhoamiRoutes;
import ai.mailgoat.server.broadcast.Audience;
import ai.mailgoat.server.broadcast.BroadcastRoutes;
import ai.mailgoat.server.broadcast.BroadcastRunner;
import ai.mailgoat.server.broadcast.Broadcasts;
import ai.mailgoat.server.broadcast.Mailings;
import ai.mailgoat.server.broadcast.ResponseRoutes;
import ai.mailgoat.server.broadcast.Responses;
import ai.mailgoat.server.cli.Version;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.console.AdminRoutes;
import ai.mailgoat.server.console.AdminToken;
import ai.mailgoat.server.console.TeamRoutes;
import ai.mailgoat.server.contact.ChoiceRoutes;
import ai.mailgoat.server.contact.Choices;
import ai.mailgoat.server.contact.ContactBatchRoutes;
import ai.mailgoat.server.contact.ContactRoutes;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.contact.Preferences;
import ai.mailgoat.server.delivery.Courier;
import ai.mailgoat.server.dns.Resolvers;
import ai.mailgoat.server.domain.DomainClaimRoutes;
import ai.mailgoat.server.domain.DomainClaims;
import ai.mailgoat.server.domain.DomainRoutes;
import ai.mailgoat.server.domain.DomainVerifier;
import ai.mailgoat.server.domain.Domains;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.download.DownloadRoutes;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.email.Acceptance;
import ai.mailgoat.server.email.BulkAcceptance;
import ai.mailgoat.server.email.EmailRoutes;
import ai.mailgoat.server.email.Emails;
import ai.mailgoat.server.email.EngagedMails;
import ai.mailgoat.server.email.Mailroom;
import ai.mailgoat.server.event.EventStreamRoutes;
import ai.mailgoat.server.event.EventStreams;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.front.FrontRoutes;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.HealthCheck;
import ai.mailgoat.server.http.HealthRoutes;
import ai.mailgoat.server.http.HttpServer;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.RequestLog;
import ai.mailgoat.server.imports.ImportRoutes;
import ai.mailgoat.server.imports.ImportRunner;
import ai.mailgoat.server.imports.Imports;
import ai.mailgoat.server.metric.MetricRoutes;
import ai.mailgoat.server.metric.Metrics;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.page.BrandRoutes;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.property.PropertyRoutes;
import ai.mailgoat.server.queue.NetworkTransport;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.queue.QueueRunner;
import ai.mailgoat.server.receiving.ReceivedEmails;
import ai.mailgoat.server.receiving.ReceivingRoutes;
import ai.mailgoat.server.reference.ReferenceRoutes;
import ai.mailgoat.server.rehearsal.AudienceCount;
import ai.mailgoat.server.rehearsal.LinkCheck;
import ai.mailgoat.server.rehearsal.RehearsalRoutes;
import ai.mailgoat.server.rehearsal.Rehearsals;
import ai.mailgoat.server.rehearsal.SenderCheck;
import ai.mailgoat.server.requestlog.LogRoutes;
import ai.mailgoat.server.requestlog.RequestLogs;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.share.ShareRoutes;
import ai.mailgoat.server.signup.SignupFormRoutes;
import ai.mailgoat.server.signup.SignupForms;
import ai.mailgoat.server.signup.SignupPages;
import ai.mailgoat.server.signup.SignupRoutes;
import ai.mailgoat.server.signup.Signups;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.suppression.SuppressionRoutes;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.template.TemplateRoutes;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.tracking.Engagements;
import ai.mailgoat.server.tracking.Revision;
import ai.mailgoat.server.tracking.Tracking;
import ai.mailgoat.server.tracking.TrackingLinks;
import ai.mailgoat.server.tracking.TrackingRoutes;
import ai.mailgoat.server.unsubscribe.UnsubscribeLinks;
import ai.mailgoat.server.unsubscribe.UnsubscribeRoutes;
import ai.mailgoat.server.unsubscribe.Unsubscribes;
import ai.mailgoat.server.usage.Quotas;
import ai.mailgoat.server.usage.Usage;
import ai.mailgoat.server.usage.UsageRoutes;
import ai.mailgoat.server.webhook.WebhookCalls;
import ai.mailgoat.server.webhook.WebhookRepairRoutes;
import ai.mailgoat.server.webhook.WebhookRepairs;
import ai.mailgoat.server.webhook.WebhookRoutes;
import ai.mailgoat.server.webhook.WebhookRunner;
import ai.mailgoat.server.webhook.Webhooks;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The whole appliance, built by hand. Read the constructor top to bottom to learn what talks to
/// what.
public final class Appliance implements AutoCloseable {
    /// A few readers serve many requests; each costs writers a little.
    private static final int READERS = 3;

    /// Octets on the disk below which the service is soon in trouble.
    private static final long ROOM = 512L * 1024 * 1024;

    private static final Duration DNS_TRY = Duration.ofSeconds(3);

    private final Config config;
    private final Store store;
    private final Setup setup;
    private final Courier courier;
    private final GuardedHttp outbound;
    private final QueueRunner queueRunner;
    private final WebhookRunner webhookRunner;
    private final ImportRunner importRunner;
    private final BroadcastRunner broadcastRunner;
    private final DomainVerifier verifier;
    private final ApiKeys apiKeys;
    private final Housekeeping housekeeping;
    private final Endpoints endpoints;
    private final RequestLogs requestLogs;
    private final HttpServer api;
    private final HttpServer admin;
    private boolean listening;
    private boolean running;

    private Appliance(Config config) {
        this.config = config;
        var clock = Clock.systemUTC();
        var random = new SecureRandom();
        var ids = new Uuids(clock, random);

        // Ground: the data, its key, the way to the DNS and the guarded way to the web.
        store = openStore(config);
        var blobs = new BlobStore(config.dataDir());
        var masterKey = MasterKey.loadOrCreate(config.dataDir().resolve("master.key"));
        var dns = new Resolvers(Settings.resolvers(config), DNS_TRY, clock);
        outbound = GuardedHttp.open(dns, config.outboundAllowPrivate());

        // Who there is, and what happened.
        var teams = new Teams(store, clock, ids, random);
        apiKeys = new ApiKeys(store, clock, ids, random);
        var webhookCalls = new WebhookCalls(ids);
        var events = new Events(ids, webhookCalls);
        var eventStreams = new EventStreams(store, events);
        var webhooks = new Webhooks(store, masterKey, outbound, webhookCalls, ids, clock, random);
        webhookRunner =
                new WebhookRunner(store, webhookCalls, masterKey, outbound, ids, clock, random);
        var suppressions = new Suppressions(store, events::record, clock, ids);
        var leftovers = new Leftovers(store);
        var properties = new Properties(store, clock, ids);
        var segments = new Segments(store, leftovers, clock, ids);
        var topics = new Topics(store, leftovers, events::record, clock, ids);
        var contacts =
                new Contacts(store, properties, segments, topics, leftovers, events, clock, ids);
        var imports = new Imports(store, contacts, segments, topics, config.dataDir(), clock, ids);
        importRunner = new ImportRunner(store, contacts, imports, clock);
        var choices = new Choices(store, contacts, segments, topics, events, clock);
        var sending = new SendingDomains(store, masterKey);
        verifier = new DomainVerifier(store, dns, events::record, sending, clock);
        var domains =
                new Domains(
                        store,
                        masterKey,
                        new KeyMaker(),
                        events::record,
                        apiKeys::revokeBoundTo,
                        sending,
                        verifier,
                        clock,
                        ids,
                        config.hostname(),
                        Settings.webHost(config));
        setup = new Setup(store, teams, apiKeys, domains);
        var responses = new Responses(store);
        var metrics =
                new Metrics(
                        store,
                        (team, id) ->
                                domains.find(team, new DomainId(id))
                                        .map(view -> view.domain().name().ascii()),
                        (team, name) -> domainId(domains, team, name),
                        responses::name);

        // Pages for people.
        var brands = new Brands(store, blobs, teams::name, clock);
        var pages = new Pages(brands, config.http().publicUrl());

        // Links that need no key.
        var downloads = new Downloads(masterKey, clock, config.http().publicUrl());
        var unsubscribeLinks = new UnsubscribeLinks(masterKey, clock, config.http().publicUrl());

        // The way of a mail: accepted, queued, carried out, settled.
        var queue = new Queue(clock, config.delivery().lifetime());
        var trackingLinks = new TrackingLinks(masterKey, clock, config.http().publicUrl());
        var mailroom = new Mailroom(sending, blobs, new Tracking(trackingLinks));
        courier = new Courier(dns, Settings.courier(config), RandomGenerator.getDefault());
        var transport =
                new NetworkTransport(
                        Settings.router(config, dns),
                        courier,
                        config.delivery().mode() == Config.Mode.CAPTURE);
        queueRunner =
                new QueueRunner(
                        store,
                        queue,
                        mailroom,
                        transport,
                        events,
                        suppressions,
                        Settings.queue(config),
                        clock,
                        RandomGenerator.getDefault());
        var templates = new Templates(store, clock, ids);
        var usage =
                new Usage(
                        store,
                        new Quotas(config.limits().dailyQuota(), config.limits().monthlyQuota()),
                        clock);
        var acceptance =
                new Acceptance(
                        store,
                        sending,
                        templates,
                        new TopicsOfContacts(topics, contacts),
                        suppressions,
                        queue,
                        usage,
                        events,
                        blobs,
                        outbound,
                        ids,
                        clock,
                        Settings.acceptance(config));
        broadcastRunner =
                new BroadcastRunner(
                        store,
                        queue,
                        new Audience(store, contacts, segments, config.dataDir()),
                        new Mailings(
                                store,
                                blobs,
                                contacts,
                                topics,
                                sending,
                                suppressions,
                                new BulkAcceptance(queue, usage, events, blobs, ids),
                                unsubscribeLinks::url,
                                ids),
                        events::record,
                        clock);
        var emails = new Emails(store, blobs, queue, events, mailroom, downloads, clock);

        // What recipients do with it.
        var engagements = new Engagements(store, new EngagedMails(blobs), events, ids);
        var revision = new Revision(engagements, clock);

        // The way of a mail that comes in.
        var received =
                new ReceivedEmails(
                        store,
                        blobs,
                        downloads,
                        (tx, event) -> {
                            events.record(tx, event);
                            usage.countReceived(tx, event.team(), 1);
                        },
                        (team, name) -> domainId(domains, team, name),
                        ids,
                        clock);

        // The doors.
        endpoints = new Endpoints();
        var storeCheck = HealthCheck.of("store", store::isHealthy);
        var health = new HealthRoutes(List.of(storeCheck));
        health.register(endpoints);
        new ReferenceRoutes(Version.number()).register(endpoints);
        var emailRoutes = new EmailRoutes(acceptance, emails, usage, store, clock);
        emailRoutes.register(endpoints);
        new EventStreamRoutes(eventStreams, apiKeys::isValid).register(endpoints);
        new UsageRoutes(usage, config.limits().ratePerSecond()).register(endpoints);
        requestLogs =
                new RequestLogs(store, clock, config.logs().retention(), config.logs().bodies());
        new LogRoutes(requestLogs).register(endpoints);
        var settings = Settings.api(config, clock);
        new WhoamiRoutes(apiKeys, teams, usage, settings).register(endpoints);
        new ReceivingRoutes(received).register(endpoints);
        new ShareRoutes(
                        List.of(emails, received),
                        downloads,
                        new InlineImages(blobs),
                        pages,
                        masterKey,
                        clock,
                        config.http().publicUrl())
                .register(endpoints);
        new DownloadRoutes(downloads, blobs).register(endpoints);
        pages.register(endpoints);
        var room = HealthCheck.of("room", () -> config.dataDir().toFile().getUsableSpace() > ROOM);
        new FrontRoutes(pages, List.of(storeCheck, room), config.http().publicUrl())
                .register(endpoints);
        new BrandRoutes(brands, config.http().publicUrl()).register(endpoints);
        var preferences = new Preferences(contacts, topics, events, clock);
        new UnsubscribeRoutes(
                        new Unsubscribes(
                                store,
                                unsubscribeLinks,
                                preferences,
                                (tx, email) ->
                                        engagements.unsubscribed(
                                                tx,
                                                email,
                                                clock.instant().truncatedTo(ChronoUnit.MICROS))),
                        pages)
                .register(endpoints);
        new TrackingRoutes(trackingLinks, pages, engagements, sending::isTrackingHost, clock)
                .register(endpoints);
        new ResponseRoutes(responses).register(endpoints);
        new MetricRoutes(metrics, clock).register(endpoints);
        var signupForms = new SignupForms(store, segments, topics, sending, clock, ids);
        var signups =
                new Signups(
                        store,
                        signupForms,
                        contacts,
                        acceptance,
                        events::record,
                        masterKey,
                        clock,
                        ids);
        new SignupFormRoutes(signupForms, config.http().publicUrl()).register(endpoints);
        new SignupRoutes(signups).register(endpoints);
        new SignupPages(signupForms, signups, pages, clock, config.http().publicUrl())
                .register(endpoints);
        housekeeping =
                new Housekeeping(
                        List.of(
                                emailRoutes::sweep,
                                leftovers::sweep,
                                requestLogs::sweep,
                                signups::sweep),
                        List.of(revision::sweep, responses::catchUp, metrics::catchUp));
        new DomainRoutes(domains).register(endpoints);
        new DomainClaimRoutes(new DomainClaims(store, domains, dns, clock, ids, random))
                .register(endpoints);
        new ApiKeyRoutes(apiKeys).register(endpoints);
        var grants = new Grants(store, apiKeys, clock, ids, random);
        new GrantRoutes(grants).register(endpoints);
        new WebhookRoutes(webhooks).register(endpoints);
        new WebhookRepairRoutes(
                        new WebhookRepairs(store, masterKey, outbound, webhookCalls, ids, clock))
                .register(endpoints);
        new SuppressionRoutes(store, suppressions).register(endpoints);
        new TemplateRoutes(templates).register(endpoints);
        new PropertyRoutes(properties).register(endpoints);
        new SegmentRoutes(segments).register(endpoints);
        new TopicRoutes(topics).register(endpoints);
        var broadcasts =
                new Broadcasts(store, sending, segments, topics, broadcastRunner::wake, clock, ids);
        new BroadcastRoutes(broadcasts).register(endpoints);
        new RehearsalRoutes(
                        new Rehearsals(
                                broadcasts,
                                new AudienceCount(
                                        store,
                                        contacts,
                                        properties,
                                        segments,
                                        topics,
                                        suppressions),
                                new SenderCheck(sending, dns),
                                new LinkCheck(outbound),
                                config.http().publicUrl(),
                                config.limits().maxMessage()))
                .register(endpoints);
        new ImportRoutes(imports).register(endpoints);
        new ContactRoutes(contacts, choices).register(endpoints);
        new ContactBatchRoutes(contacts).register(endpoints);
        new ChoiceRoutes(choices).register(endpoints);
        api = new HttpServer(settings, endpoints, apiKeys, RequestLog.debug().and(requestLogs));

        var adminEndpoints = new Endpoints();
        health.register(adminEndpoints);
        new AdminRoutes(store, emails, received, queue, this::setUp, Version.number())
                .register(adminEndpoints);
        new TeamRoutes(store, teams, apiKeys, grants).register(adminEndpoints);
        var token =
                AdminToken.issue(
                        config.dataDir(),
                        () -> store.write(tx -> teams.ensureDefault(tx, "MailGoat", null)));
        admin =
                new HttpServer(
                        Settings.admin(config, clock), adminEndpoints, token, RequestLog.debug());

        domains.ensureReserved();
        imports.clear();
    }

    /// Opens the data and builds everything; takes no traffic yet.
    ///
    /// @throws ai.mailgoat.server.store.StoreUnavailableException or another exception of one clear
    ///   line when the data cannot be used
    static Appliance open(Config config) {
        return new Appliance(config);
    }

    /// Opens everything and returns once traffic is taken.
    ///
    /// @throws PortTakenException when a port is in use; nothing is left running
    public static Appliance start(Config config) {
        var appliance = open(config);
        try {
            appliance.start();
            return appliance;
        } catch (RuntimeException e) {
            appliance.close();
            throw e;
        }
    }

    /// Where the API is served.
    public URI apiUrl() {
        return url(config.http().host(), api.port());
    }

    /// Where the admin API is served.
    public URI adminUrl() {
        return url(config.admin().host(), admin.port());
    }

    /// The routes of the API; those of the admin API are not among them.
    Endpoints endpoints() {
        return endpoints;
    }

    Setup setup() {
        return setup;
    }

    /// Stops in the order of the way of a mail: no new requests, then no new deliveries, then what
    /// is left of writes.
    @Override
    public void close() {
        if (listening) {
            api.close();
            admin.close();
        }
        requestLogs.close();
        if (running) {
            queueRunner.close();
            webhookRunner.close();
            broadcastRunner.close();
            importRunner.close();
        }
        housekeeping.close();
        verifier.close();
        courier.close();
        apiKeys.close();
        outbound.close();
        store.close();
    }

    private void start() {
        listening = true;
        requestLogs.start();
        listen(api, "http.port", config.http().host(), config.http().port());
        listen(admin, "admin.port", config.admin().host(), config.admin().port());
        running = true;
        queueRunner.start();
        webhookRunner.start();
        importRunner.start();
        broadcastRunner.start();
        verifier.start();
        housekeeping.start();
    }

    private static void listen(HttpServer server, String key, String host, int port) {
        try {
            server.start();
        } catch (UncheckedIOException e) {
            throw new PortTakenException(key, host, port, e);
        }
    }

    private Object setUp(JsonBody body) {
        var password = body.string("admin_password").map(String::toCharArray).orElse(null);
        return setup.run(
                new SetupRequest(
                        body.string("admin_email").orElse(null),
                        password,
                        body.string("domain").orElse(null)));
    }

    private static Optional<UUID> domainId(Domains domains, TeamId team, String name) {
        try {
            return domains.find(team, MailDomain.parse(name))
                    .map(view -> view.domain().id().value());
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    private static Store openStore(Config config) {
        var database = Database.open(config.dataDir());
        try {
            database.migrate(config.dataDir());
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return Store.open(database, READERS);
    }

    private static URI url(String host, int port) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name.toLowerCase(Locale.ROOT) + ":" + port);
    }
}
