package ai.mailgoat.server;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.apikey.ApiKeys;
import ai.mailgoat.server.broadcast.Audience;
import ai.mailgoat.server.broadcast.BroadcastRunner;
import ai.mailgoat.server.broadcast.Mailings;
import ai.mailgoat.server.broadcast.Responses;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.contact.Choices;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.delivery.Courier;
import ai.mailgoat.server.dns.Resolvers;
import ai.mailgoat.server.domain.DomainVerifier;
import ai.mailgoat.server.domain.Domains;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.email.Acceptance;
import ai.mailgoat.server.email.BulkAcceptance;
import ai.mailgoat.server.email.Emails;
import ai.mailgoat.server.email.EngagedMails;
import ai.mailgoat.server.email.Mailroom;
import ai.mailgoat.server.event.EventStreams;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.imports.ImportRunner;
import ai.mailgoat.server.imports.Imports;
import ai.mailgoat.server.metric.Metrics;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.page.Brands;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.queue.NetworkTransport;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.queue.QueueRunner;
import ai.mailgoat.server.receiving.ReceivedEmails;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.tracking.Engagements;
import ai.mailgoat.server.tracking.Revision;
import ai.mailgoat.server.tracking.Tracking;
import ai.mailgoat.server.tracking.TrackingLinks;
import ai.mailgoat.server.unsubscribe.UnsubscribeLinks;
import ai.mailgoat.server.usage.Quotas;
import ai.mailgoat.server.usage.Usage;
import ai.mailgoat.server.webhook.WebhookCalls;
import ai.mailgoat.server.webhook.WebhookRunner;
import ai.mailgoat.server.webhook.Webhooks;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What the appliance is made of, built by hand. Read the constructor top to bottom to learn what
/// talks to what. Nothing in it runs before {@link #deliver} and {@link #run}.
final class Parts implements AutoCloseable {
    /// A few readers serve many requests; each costs writers a little.
    private static final int READERS = 3;

    private static final Duration DNS_TRY = Duration.ofSeconds(3);

    final Clock clock;
    final SecureRandom random;
    final Uuids ids;
    final Store store;
    final BlobStore blobs;
    final MasterKey masterKey;
    final Resolvers dns;
    final GuardedHttp outbound;
    final Teams teams;
    final ApiKeys apiKeys;
    final WebhookCalls webhookCalls;
    final Events events;
    final EventStreams eventStreams;
    final Webhooks webhooks;
    final WebhookRunner webhookRunner;
    final Suppressions suppressions;
    final Leftovers leftovers;
    final Properties properties;
    final Segments segments;
    final Topics topics;
    final Contacts contacts;
    final Imports imports;
    final ImportRunner importRunner;
    final Choices choices;
    final SendingDomains sending;
    final DomainVerifier verifier;
    final Domains domains;
    final Setup setup;
    final Responses responses;
    final Metrics metrics;
    final Brands brands;
    final Pages pages;
    final Downloads downloads;
    final UnsubscribeLinks unsubscribeLinks;
    final Queue queue;
    final TrackingLinks trackingLinks;
    final Courier courier;
    final QueueRunner queueRunner;
    final Templates templates;
    final Usage usage;
    final Acceptance acceptance;
    final BroadcastRunner broadcastRunner;
    final Emails emails;
    final Engagements engagements;
    final Revision revision;
    final ReceivedEmails received;

    Parts(Config config) {
        clock = Clock.systemUTC();
        random = new SecureRandom();
        ids = new Uuids(clock, random);

        // Ground: the data, its key, the way to the DNS and the guarded way to the web.
        store = openStore(config);
        blobs = new BlobStore(config.dataDir());
        masterKey = MasterKey.loadOrCreate(config.dataDir().resolve("master.key"));
        dns = new Resolvers(Settings.resolvers(config), DNS_TRY, clock);
        outbound = GuardedHttp.open(dns, config.outboundAllowPrivate());

        // Who there is, and what happened.
        teams = new Teams(store, clock, ids, random);
        apiKeys = new ApiKeys(store, clock, ids, random);
        webhookCalls = new WebhookCalls(ids);
        events = new Events(ids, webhookCalls);
        eventStreams = new EventStreams(store, events);
        webhooks = new Webhooks(store, masterKey, outbound, webhookCalls, ids, clock, random);
        webhookRunner =
                new WebhookRunner(store, webhookCalls, masterKey, outbound, ids, clock, random);
        suppressions = new Suppressions(store, events::record, clock, ids);
        leftovers = new Leftovers(store);
        properties = new Properties(store, clock, ids);
        segments = new Segments(store, leftovers, clock, ids);
        topics = new Topics(store, leftovers, events::record, clock, ids);
        contacts = new Contacts(store, properties, segments, topics, leftovers, events, clock, ids);
        imports = new Imports(store, contacts, segments, topics, config.dataDir(), clock, ids);
        importRunner = new ImportRunner(store, contacts, imports, clock);
        choices = new Choices(store, contacts, segments, topics, events, clock);
        sending = new SendingDomains(store, masterKey);
        verifier = new DomainVerifier(store, dns, events::record, sending, clock);
        domains =
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
        responses = new Responses(store);
        metrics =
                new Metrics(
                        store,
                        (team, id) ->
                                domains.find(team, new DomainId(id))
                                        .map(view -> view.domain().name().ascii()),
                        (team, name) -> domainId(domains, team, name),
                        responses::name);

        // Pages for people.
        brands = new Brands(store, blobs, teams::name, clock);
        pages = new Pages(brands, config.http().publicUrl());

        // Links that need no key.
        downloads = new Downloads(masterKey, clock, config.http().publicUrl());
        unsubscribeLinks = new UnsubscribeLinks(masterKey, clock, config.http().publicUrl());

        // The way of a mail: accepted, queued, carried out, settled.
        queue = new Queue(clock, config.delivery().lifetime());
        trackingLinks = new TrackingLinks(masterKey, clock, config.http().publicUrl());
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
        templates = new Templates(store, clock, ids);
        usage =
                new Usage(
                        store,
                        new Quotas(config.limits().dailyQuota(), config.limits().monthlyQuota()),
                        clock);
        acceptance =
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
        emails = new Emails(store, blobs, queue, events, mailroom, downloads, clock);

        // What recipients do with it.
        engagements = new Engagements(store, new EngagedMails(blobs), events, ids);
        revision = new Revision(engagements, clock);

        // The way of a mail that comes in.
        received =
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

        domains.ensureReserved();
        imports.clear();
    }

    /// Begins to deliver what is in the queue.
    void deliver() {
        queueRunner.start();
    }

    /// Begins with all else that happens without being asked.
    void run() {
        webhookRunner.start();
        importRunner.start();
        broadcastRunner.start();
        verifier.start();
    }

    /// Stops in the order of the way of a mail: no new deliveries, then what is left of writes.
    @Override
    public void close() {
        queueRunner.close();
        webhookRunner.close();
        broadcastRunner.close();
        importRunner.close();
        verifier.close();
        courier.close();
        apiKeys.close();
        outbound.close();
        store.close();
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
}
