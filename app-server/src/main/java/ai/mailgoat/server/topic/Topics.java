package ai.mailgoat.server.topic;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topic.Visibility;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The topics of the teams.
public final class Topics {
    private final Store store;
    private final Leftovers leftovers;
    private final TopicStore topics = new TopicStore();
    private final BiConsumer<Tx, Event> events;
    private final InstantSource clock;
    private final Uuids ids;

    /// @param events records `topic.created`, `topic.updated` and `topic.deleted` in the
    ///   transaction given
    public Topics(
            Store store,
            Leftovers leftovers,
            BiConsumer<Tx, Event> events,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        this.leftovers = leftovers;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
    }

    public static ApiException notFound() {
        return ApiException.notFound("Topic");
    }

    /// Whether the team has this topic.
    public boolean exists(Tx tx, TeamId team, UUID id) {
        return topics.byId(tx, team, id).isPresent();
    }

    /// Which of `ids` are topics of the team.
    public Set<UUID> existing(Tx tx, TeamId team, Collection<UUID> ids) {
        return new HashSet<>(topics.existing(tx, team, ids));
    }

    public Optional<Topic> find(Tx tx, TeamId team, UUID id) {
        return topics.byId(tx, team, id);
    }

    /// All topics, with what holds for one contact; up to one more than the page holds.
    public List<Topic.Of> ofContact(Tx tx, TeamId team, UUID contact, Page page) {
        return topics.ofContact(tx, team, contact, page);
    }

    Topic create(
            TeamId team,
            String name,
            @Nullable String description,
            Subscription standard,
            Visibility visibility) {
        var now = now();
        var topic = new Topic(ids.next(), name, description, standard, visibility, now, now);
        return store.write(tx -> {
            topics.insert(tx, team, topic);
            record(tx, team, topic, "topic.created");
            return topic;
        });
    }

    /// Up to one more than the page holds.
    List<Topic> list(TeamId team, Page page) {
        return store.read(tx -> topics.list(tx, team, page));
    }

    Optional<Topic> find(TeamId team, UUID id) {
        return store.read(tx -> topics.byId(tx, team, id));
    }

    /// @param change makes the new topic of the old one; its time of change is set here
    /// @return whether it was there
    boolean update(TeamId team, UUID id, UnaryOperator<Topic> change) {
        return store.write(tx -> {
            var found = topics.byId(tx, team, id);
            found.map(change)
                    .ifPresent(t -> {
                        var changed =
                                new Topic(
                                        t.id(),
                                        t.name(),
                                        t.description(),
                                        t.standard(),
                                        t.visibility(),
                                        t.createdAt(),
                                        now());
                        topics.update(tx, team, changed);
                        record(tx, team, changed, "topic.updated");
                    });
            return found.isPresent();
        });
    }

    /// @return whether it was there
    boolean delete(TeamId team, UUID id) {
        return store.write(tx -> {
            var found = topics.byId(tx, team, id);
            found.ifPresent(topic -> {
                topics.delete(tx, team, id);
                leftovers.delete(tx, Leftovers.Kind.CONTACTS_OF_TOPIC, id);
                record(tx, team, topic, "topic.deleted");
            });
            return found.isPresent();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void record(Tx tx, TeamId team, Topic topic, String type) {
        events.accept(
                tx,
                new Event(
                        team,
                        topic.id(),
                        type,
                        clock.instant(),
                        Told.of(topic, type.endsWith("deleted"))));
    }

    /// What a webhook is told.
    private record Told(
            UUID id,
            String name,
            @Nullable String description,
            String defaultSubscription,
            String visibility,
            boolean deleted,
            String createdAt,
            String updatedAt) {

        static Told of(Topic topic, boolean deleted) {
            return new Told(
                    topic.id(),
                    topic.name(),
                    topic.description(),
                    topic.standard().apiName(),
                    topic.visibility().apiName(),
                    deleted,
                    ApiTime.iso(topic.createdAt()),
                    ApiTime.iso(topic.updatedAt()));
        }
    }
}
