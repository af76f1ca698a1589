package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Subscription;
import ai.mailgoat.server.topic.Topic;
import ai.mailgoat.server.topic.Topics;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one contact wants, read and changed on its own behalf. All methods work inside the caller's
/// transaction.
public final class Preferences {
    /// More than anybody would read.
    private static final Page TOPICS = new Page(500, null, null);

    private final Contacts contacts;
    private final Topics topics;
    private final ContactStore rows = new ContactStore();
    private final ChoiceStore choices = new ChoiceStore();
    private final ContactEvents events;
    private final InstantSource clock;

    public Preferences(Contacts contacts, Topics topics, Events events, InstantSource clock) {
        this.contacts = contacts;
        this.topics = topics;
        this.events = new ContactEvents(events, choices, clock);
        this.clock = clock;
    }

    /// A contact and what holds for it.
    ///
    /// @param unsubscribed wants no broadcasts at all
    /// @param topics of its team, with what holds by its choice or by default
    public record Subscriber(
            UUID contact, String email, boolean unsubscribed, List<Topic.Of> topics) {}

    public Optional<Subscriber> find(Tx tx, TeamId team, UUID contact) {
        return contacts.find(tx, team, new ContactKey.Id(contact))
                .map(found -> subscriber(tx, team, found));
    }

    /// @param address folded
    public Optional<Subscriber> find(Tx tx, TeamId team, String address) {
        return contacts.find(tx, team, new ContactKey.Address(address))
                .map(found -> subscriber(tx, team, found));
    }

    /// Writes down what differs from what holds, and tells of it.
    ///
    /// @param unsubscribed `null` leaves it
    /// @param chosen by topic of the team, whether its mail is wanted; the others are left
    public void change(
            Tx tx,
            TeamId team,
            Subscriber subscriber,
            @Nullable Boolean unsubscribed,
            Map<UUID, Boolean> chosen) {
        var contact = contacts.get(tx, team, new ContactKey.Id(subscriber.contact()));
        if (unsubscribed != null && unsubscribed != contact.unsubscribed()) {
            contact = changed(contact, unsubscribed);
            rows.update(tx, team, List.of(contact));
            events.record(tx, team, "contact.updated", List.of(contact));
        }
        var news = new LinkedHashMap<UUID, Boolean>();
        var pairs = new LinkedHashMap<ChoiceStore.Pair, Boolean>();
        for (var of : subscriber.topics()) {
            var topic = of.topic().id();
            var in = chosen.get(topic);
            if (in != null && Subscription.of(in) != of.subscription()) {
                news.put(topic, in);
                pairs.put(new ChoiceStore.Pair(contact.id(), topic), in);
            }
        }
        if (!news.isEmpty()) {
            choices.choose(tx, pairs);
            events.chose(tx, team, contact, news);
        }
    }

    private Subscriber subscriber(Tx tx, TeamId team, Contact contact) {
        return new Subscriber(
                contact.id(),
                contact.email(),
                contact.unsubscribed(),
                topics.ofContact(tx, team, contact.id(), TOPICS));
    }

    private Contact changed(Contact c, boolean unsubscribed) {
        return new Contact(
                c.id(),
                c.email(),
                c.address(),
                c.firstName(),
                c.lastName(),
                unsubscribed,
                c.values(),
                c.createdAt(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }
}
