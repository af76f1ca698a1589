package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.ChoiceStore.Pair;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.segment.Segment;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topic;
import ai.mailgoat.server.topic.Topics;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// Which segments a contact is in, and which topics it wants.
public final class Choices {
    private final Store store;
    private final Contacts contacts;
    private final Segments segments;
    private final Topics topics;
    private final ChoiceStore choices = new ChoiceStore();
    private final ContactEvents events;

    public Choices(
            Store store,
            Contacts contacts,
            Segments segments,
            Topics topics,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.contacts = contacts;
        this.segments = segments;
        this.topics = topics;
        this.events = new ContactEvents(events, choices, clock);
    }

    /// Puts a contact into a segment, where it may be already.
    ///
    /// @return the contact's id
    /// @throws ApiException 404
    UUID join(TeamId team, ContactKey key, UUID segment) {
        return move(team, key, segment, (tx, pair) -> !choices.join(tx, List.of(pair)).isEmpty());
    }

    /// Takes a contact out of a segment, where it need not be.
    ///
    /// @return the contact's id
    /// @throws ApiException 404
    UUID leave(TeamId team, ContactKey key, UUID segment) {
        return move(team, key, segment, choices::leave);
    }

    /// Whether there is such a contact in this segment.
    ///
    /// @throws ApiException 404 when there is no such segment
    boolean isIn(TeamId team, ContactKey key, UUID segment) {
        return store.read(tx -> {
            requireSegment(tx, team, segment);
            return contacts.find(tx, team, key)
                    .filter(contact -> choices.isIn(tx, new Pair(contact.id(), segment)))
                    .isPresent();
        });
    }

    /// Up to one more than the page holds.
    List<Segment> segmentsOf(TeamId team, ContactKey key, Page page) {
        return store.read(
                tx -> segments.ofContact(tx, team, contacts.get(tx, team, key).id(), page));
    }

    /// All topics, with what holds for the contact; up to one more than the page holds.
    List<Topic.Of> topicsOf(TeamId team, ContactKey key, Page page) {
        return store.read(tx -> topics.ofContact(tx, team, contacts.get(tx, team, key).id(), page));
    }

    /// Writes down what a contact wants, over what it wanted before.
    ///
    /// @return the contact's id
    /// @throws ApiException 404
    UUID choose(TeamId team, ContactKey key, List<TopicChoice> chosen) {
        return store.write(tx -> {
            var contact = contacts.get(tx, team, key);
            var byTopic = new LinkedHashMap<UUID, Boolean>();
            chosen.forEach(choice -> byTopic.put(choice.topic(), choice.optIn()));
            if (topics.existing(tx, team, byTopic.keySet()).size() < byTopic.size()) {
                throw Topics.notFound();
            }
            var pairs = new LinkedHashMap<Pair, Boolean>();
            byTopic.forEach((topic, in) -> pairs.put(new Pair(contact.id(), topic), in));
            choices.choose(tx, pairs);
            if (!byTopic.isEmpty()) {
                events.chose(tx, team, contact, byTopic);
            }
            return contact.id();
        });
    }

    private interface Move {
        /// @return whether anything changed
        boolean in(Tx tx, Pair pair);
    }

    private UUID move(TeamId team, ContactKey key, UUID segment, Move move) {
        return store.write(tx -> {
            var contact = contacts.get(tx, team, key);
            requireSegment(tx, team, segment);
            if (move.in(tx, new Pair(contact.id(), segment))) {
                events.record(tx, team, "contact.updated", List.of(contact));
            }
            return contact.id();
        });
    }

    private void requireSegment(Tx tx, TeamId team, UUID segment) {
        if (!segments.exists(tx, team, segment)) {
            throw Segments.notFound();
        }
    }
}
