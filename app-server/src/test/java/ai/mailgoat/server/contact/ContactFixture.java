package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.event.StoredEvent;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.property.PropertyRoutes;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Two teams and everything about contacts, on a real database.
final class ContactFixture implements AutoCloseable {
    final TwoTeams teams;
    final Leftovers leftovers;
    final Contacts contacts;
    final Events events;

    ContactFixture(Path directory) {
        teams = new TwoTeams(directory);
        var store = teams.store;
        leftovers = new Leftovers(store);
        events = new Events(teams.ids, new WebhookCalls(teams.ids));
        var properties = new Properties(store, teams.clock(), teams.ids);
        var segments = new Segments(store, leftovers, teams.clock(), teams.ids);
        var topics = new Topics(store, leftovers, events::record, teams.clock(), teams.ids);
        contacts =
                new Contacts(
                        store,
                        properties,
                        segments,
                        topics,
                        leftovers,
                        events,
                        teams.clock(),
                        teams.ids);
        new PropertyRoutes(properties).register(teams.endpoints);
        new SegmentRoutes(segments).register(teams.endpoints);
        new TopicRoutes(topics).register(teams.endpoints);
        var choices = new Choices(store, contacts, segments, topics, events, teams.clock());
        new ContactRoutes(contacts, choices).register(teams.endpoints);
        new ContactBatchRoutes(contacts).register(teams.endpoints);
        new ChoiceRoutes(choices).register(teams.endpoints);
    }

    TwoTeams.Reply call(String method, String path, String body) {
        return call(teams.acme, method, path, body);
    }

    TwoTeams.Reply call(TeamId team, String method, String path, String body) {
        return teams.call(team, method, path, body.replace('\'', '"'));
    }

    TwoTeams.Reply get(String path) {
        return call("GET", path, "");
    }

    /// Sends a batch in which what is wrong does not keep the rest.
    TwoTeams.Reply permissive(String body) {
        return teams.call(
                teams.acme,
                "POST",
                "/contacts/batch",
                body.replace('\'', '"'),
                Map.of("x-batch-validation", "permissive"));
    }

    /// The ids of a list.
    List<String> ids(String path) {
        var reply = get(path);
        if (reply.status() != 200) {
            throw new AssertionError(text(reply.body()));
        }
        return reply.body().get("data").valueStream().map(i -> i.get("id").asString()).toList();
    }

    /// Makes something that has a name, and says its id.
    UUID make(String path, String body) {
        return make(teams.acme, path, body);
    }

    UUID make(TeamId team, String path, String body) {
        var reply = call(team, "POST", path, body);
        if (reply.status() != 201) {
            throw new AssertionError(text(reply.body()));
        }
        return UUID.fromString(reply.text("id"));
    }

    UUID segment(String name) {
        return make("/segments", "{'name':'" + name + "'}");
    }

    UUID topic(String name, String standard) {
        return make("/topics", "{'name':'" + name + "','default_subscription':'" + standard + "'}");
    }

    List<Applied> apply(Conflict rule, boolean tell, ContactDraft... drafts) {
        return teams.store.write(tx -> contacts.apply(tx, teams.acme, List.of(drafts), rule, tell));
    }

    /// The types of what happened to one thing, and with what data.
    List<StoredEvent> events(UUID subject) {
        return teams.store.read(tx -> events.ofSubject(tx, subject));
    }

    List<String> types(UUID subject) {
        return events(subject).stream().map(StoredEvent::type).toList();
    }

    int count(String table) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    @Override
    public void close() {
        teams.close();
    }

    static ContactDraft draft(String email) {
        return new ContactDraft(email, null, null, null, Map.of(), List.of(), List.of());
    }

    static ContactDraft named(String email, String first, String last) {
        return new ContactDraft(email, first, last, null, Map.of(), List.of(), List.of());
    }

    /// JSON with the other quotes, for reading in Java.
    static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
