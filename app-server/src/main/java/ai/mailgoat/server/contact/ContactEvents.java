package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Subscription;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes down what happens to contacts, within the change itself.
final class ContactEvents {
    private final Events events;
    private final ChoiceStore choices;
    private final InstantSource clock;

    ContactEvents(Events events, ChoiceStore choices, InstantSource clock) {
        this.events = events;
        this.choices = choices;
        this.clock = clock;
    }

    /// One event for each contact, as the contact and its segments stand now.
    ///
    /// @param type such as `contact.created`
    void record(Tx tx, TeamId team, String type, List<Contact> contacts) {
        var all = new ArrayList<Event>(contacts.size());
        for (var contact : contacts) {
            var segments = choices.segments(tx, team, contact.id());
            all.add(
                    new Event(
                            team, contact.id(), type, clock.instant(), Told.of(contact, segments)));
        }
        events.recordAll(tx, all);
    }

    /// `contact.topics.updated`.
    void chose(Tx tx, TeamId team, Contact contact, Map<UUID, Boolean> chosen) {
        var topics =
                chosen.entrySet().stream()
                        .map(e -> new Choice(e.getKey(), Subscription.of(e.getValue()).apiName()))
                        .toList();
        events.record(
                tx,
                new Event(
                        team,
                        contact.id(),
                        "contact.topics.updated",
                        clock.instant(),
                        new Chosen(contact.id(), contact.email(), topics)));
    }

    private record Chosen(UUID id, String email, List<Choice> topics) {}

    private record Choice(UUID id, String subscription) {}

    /// @param audienceId the first of the segments, for those who know only one
    private record Told(
            UUID id,
            @Nullable UUID audienceId,
            List<UUID> segmentIds,
            String createdAt,
            String updatedAt,
            String email,
            @Nullable String firstName,
            @Nullable String lastName,
            boolean unsubscribed) {

        static Told of(Contact contact, List<UUID> segments) {
            return new Told(
                    contact.id(),
                    segments.isEmpty() ? null : segments.getFirst(),
                    segments,
                    ApiTime.iso(contact.createdAt()),
                    ApiTime.iso(contact.updatedAt()),
                    contact.email(),
                    contact.firstName(),
                    contact.lastName(),
                    contact.unsubscribed());
        }
    }
}
