package ai.mailgoat.server.rehearsal;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.broadcast.BroadcastRoutes;
import ai.mailgoat.server.broadcast.Broadcasts;
import ai.mailgoat.server.contact.Choices;
import ai.mailgoat.server.contact.ContactRoutes;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.property.PropertyRoutes;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.suppression.SuppressionRoutes;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.webhook.WebhookCalls;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Broadcasts to rehearse, a web to follow links into, and a DNS to ask. Both teams send from the
/// reserved domain, the first one from `news.acme.example` as well.
final class RehearsalFixture implements AutoCloseable {
    static final String LINK = "<a href=\"{{{RESEND_UNSUBSCRIBE_URL}}}\">no more</a>";

    final TwoTeams teams;
    final String segment;
    final Map<String, DnsAnswer<String>> txt = new HashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer web;
    private final GuardedHttp outbound;
    private final UUID domain;

    RehearsalFixture(Path dataDir) throws IOException {
        teams = new TwoTeams(dataDir);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    boolean unclear =
                            path.equals("/get-only") && exchange.getRequestMethod().equals("HEAD");
                    int status = unclear ? 405 : path.matches("/[0-9]{3}") ? number(path) : 200;
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        web.start();
        outbound = GuardedHttp.open(new Names(), List.of("127.0.0.1/32"));

        var store = teams.store;
        var clock = teams.clock();
        var leftovers = new Leftovers(store);
        var events = new Events(teams.ids, new WebhookCalls(teams.ids));
        var properties = new Properties(store, clock, teams.ids);
        var segments = new Segments(store, leftovers, clock, teams.ids);
        var topics = new Topics(store, leftovers, events::record, clock, teams.ids);
        var suppressions = new Suppressions(store, events::record, clock, teams.ids);
        var contacts =
                new Contacts(
                        store, properties, segments, topics, leftovers, events, clock, teams.ids);
        var choices = new Choices(store, contacts, segments, topics, events, clock);
        var domains =
                new SendingDomains(store, MasterKey.loadOrCreate(dataDir.resolve("master.key")));
        var broadcasts =
                new Broadcasts(store, domains, segments, topics, () -> {}, clock, teams.ids);
        new PropertyRoutes(properties).register(teams.endpoints);
        new SegmentRoutes(segments).register(teams.endpoints);
        new TopicRoutes(topics).register(teams.endpoints);
        new ContactRoutes(contacts, choices).register(teams.endpoints);
        new SuppressionRoutes(store, suppressions).register(teams.endpoints);
        new BroadcastRoutes(broadcasts).register(teams.endpoints);
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
                                new SenderCheck(domains, new Names()),
                                new LinkCheck(outbound),
                                "https://m.example",
                                1_000_000))
                .register(teams.endpoints);
        addDomain("mailgoat.test", null);
        domain = addDomain("news.acme.example", teams.acme.value());
        addKey();
        segment = make("/segments", "{'name':'Customers'}");
    }

    private static int number(String path) {
        return Integer.parseInt(path.substring(1));
    }

    private final class Names implements Dns {
        @Override
        public DnsAnswer<MxRecord> mx(MailDomain name) {
            return new DnsAnswer.NoSuchName<>();
        }

        @Override
        public DnsAnswer<InetAddress> addresses(String host) {
            return new DnsAnswer.NoSuchName<>();
        }

        @Override
        public DnsAnswer<String> txt(String name) {
            asked.add(name);
            return txt.getOrDefault(name, new DnsAnswer.NoSuchName<>());
        }

        @Override
        public Dns uncached() {
            return this;
        }
    }

    /// A URL of the web that there is.
    String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    String make(String path, String body) {
        return make(teams.acme, path, body);
    }

    String make(TeamId team, String path, String body) {
        var reply = teams.call(team, "POST", path, body.replace('\'', '"'));
        if (reply.status() != 201 && reply.status() != 200) {
            throw new AssertionError(reply.body());
        }
        return reply.text("id");
    }

    /// A contact of the segment.
    ///
    /// @param more further fields, each with a comma before it
    String contact(String email, String more) {
        return make(
                "/contacts",
                "{'email':'%s','segments':[{'id':'%s'}]%s}".formatted(email, segment, more));
    }

    String broadcast(Map<String, String> fields) {
        var all = new HashMap<String, String>();
        all.put("segment_id", segment);
        all.put("from", "Ada <ada@mailgoat.test>");
        all.put("subject", "News");
        all.put("html", "<p>News</p>" + LINK);
        all.putAll(fields);
        all.values().removeIf(value -> value.equals("-"));
        var reply =
                teams.call(
                        teams.acme, "POST", "/broadcasts", Json.mapper().writeValueAsString(all));
        if (reply.status() != 201) {
            throw new AssertionError(reply.body());
        }
        return reply.text("id");
    }

    /// Takes a field out of a draft, as one from elsewhere may lack it.
    void strip(String broadcast, String field) {
        var id = UUID.fromString(broadcast);
        teams.store.write(tx -> {
            var fields =
                    (ObjectNode)
                            Json.tree(
                                    tx.first(
                                                    "SELECT fields FROM broadcast WHERE id = ?",
                                                    row -> row.bytes("fields"),
                                                    id)
                                            .orElseThrow());
            fields.putNull(field);
            return tx.update(
                    "UPDATE broadcast SET fields = ? WHERE id = ?", Json.bytes(fields), id);
        });
    }

    TwoTeams.Reply rehearse(String broadcast, String body) {
        return teams.call(
                teams.acme,
                "POST",
                "/broadcasts/" + broadcast + "/rehearse",
                body.replace('\'', '"'));
    }

    JsonNode rehearse(String broadcast) {
        var reply = rehearse(broadcast, "{}");
        if (reply.status() != 200) {
            throw new AssertionError(reply.body());
        }
        return reply.body();
    }

    /// JSON with the other quotes.
    static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }

    /// Level and code of each problem.
    static List<String> codes(JsonNode rehearsal) {
        return rehearsal
                .get("problems")
                .valueStream()
                .map(p -> p.get("level").asString() + " " + p.get("code").asString())
                .toList();
    }

    void dropKeys() {
        teams.store.write(tx -> tx.update("DELETE FROM dkim_key"));
    }

    private UUID addDomain(String name, UUID team) {
        var id = teams.ids.next();
        teams.store.write(tx -> {
            tx.update(
                    """
                    INSERT INTO domain (id, team_id, name, region, status, return_path_label, tls, open_tracking,
                        click_tracking, sending, receiving, created_at)
                    VALUES (?, ?, ?, 'us-east-1', 'VERIFIED', 'send', 'OPPORTUNISTIC', FALSE, FALSE, TRUE, FALSE, ?)\
                    """,
                    id,
                    team,
                    name,
                    TwoTeams.START);
            return tx.update(
                    """
                    INSERT INTO domain_record (domain_id, ordinal, record, type, name, fqdn, content, required, status)
                    VALUES (?, 0, 'DKIM', 'TXT', 'k', 'k', 'v', TRUE, 'VERIFIED')\
                    """,
                    id);
        });
        return id;
    }

    private void addKey() {
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO dkim_key (id, domain_id, selector, algorithm, record_value, sealed_key, created_at)
                        VALUES (?, ?, 'k', 'RSA_SHA256', 'v', ?, ?)\
                        """,
                        teams.ids.next(),
                        domain,
                        new byte[] {1},
                        TwoTeams.START));
    }

    @Override
    public void close() {
        outbound.close();
        web.stop(0);
        teams.close();
    }
}
