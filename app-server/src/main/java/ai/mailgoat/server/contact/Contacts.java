package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.property.Property;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Subscription;
import ai.mailgoat.server.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The contacts of the teams. Addresses tell them apart, whatever the case of their letters.
public final class Contacts {
    // As many as the lists of keys hold, and few enough that contacts full of properties fit into
    // memory together.
    private static final int PIECE = 250;

    private final Store store;
    private final Properties properties;
    private final Segments segments;
    private final Topics topics;
    private final Leftovers leftovers;
    private final ContactStore contacts = new ContactStore();
    private final ChoiceStore choices = new ChoiceStore();
    private final ContactEvents events;
    private final InstantSource clock;
    private final Uuids ids;

    public Contacts(
            Store store,
            Properties properties,
            Segments segments,
            Topics topics,
            Leftovers leftovers,
            Events events,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        this.properties = properties;
        this.segments = segments;
        this.topics = topics;
        this.leftovers = leftovers;
        this.events = new ContactEvents(events, choices, clock);
        this.clock = clock;
        this.ids = ids;
    }

    /// What drafts of a team are held against.
    ///
    /// @param named the segments that drafts will name; those that are not the team's are refused
    /// @param chosen the topics, likewise
    public ContactRules rules(TeamId team, Collection<UUID> named, Collection<UUID> chosen) {
        return store.read(tx ->
                new ContactRules(
                        properties.byKey(tx, team),
                        segments.existing(tx, team, named),
                        topics.existing(tx, team, chosen)));
    }

    /// The rules for these drafts.
    public ContactRules rules(TeamId team, List<ContactDraft> drafts) {
        return rules(team, named(drafts), chosen(drafts));
    }

    /// Checks one draft. For many see {@link #rules(TeamId, Collection, Collection)}.
    ///
    /// @throws ApiException 422 that names the field; 404 for a segment or a topic that is not
    ///   there
    public void check(TeamId team, ContactDraft draft) {
        rules(team, List.of(draft)).check(draft);
    }

    /// Makes or changes contacts, in the caller's transaction. The drafts must have been checked. A
    /// segment, topic or property that has gone since is left out.
    ///
    /// @param drafts up to 1,000; an address that stands there twice is known the second time
    /// @param tell whether `contact.created` and the like are recorded
    /// @return one for each draft, in their order
    public List<Applied> apply(
            Tx tx, TeamId team, List<ContactDraft> drafts, Conflict rule, boolean tell) {
        if (drafts.isEmpty()) {
            return List.of();
        }
        var defined = properties.byKey(tx, team);
        var applied = new ArrayList<Applied>(drafts.size());
        for (int i = 0; i < drafts.size(); i += PIECE) {
            var piece = drafts.subList(i, Math.min(drafts.size(), i + PIECE));
            var addresses =
                    piece.stream()
                            .map(draft -> ContactRules.address("email", draft.email()).folded())
                            .toList();
            var upsert =
                    new Upsert(
                            contacts.byAddress(tx, team, addresses),
                            defined,
                            segments.existing(tx, team, named(piece)),
                            topics.existing(tx, team, chosen(piece)),
                            ids,
                            now());
            piece.forEach(draft -> applied.add(upsert.take(draft, rule)));
            write(tx, team, upsert, tell);
        }
        return applied;
    }

    /// Which of these addresses do not want the mail of a topic: who has chosen, by that choice;
    /// all others, contacts or not, by the topic's default. Inside the caller's transaction.
    ///
    /// @return empty for a topic that is not there
    public Set<String> optedOut(
            Tx tx, TeamId team, UUID topic, Collection<String> foldedAddresses) {
        var found = topics.find(tx, team, topic);
        if (found.isEmpty() || foldedAddresses.isEmpty()) {
            return Set.of();
        }
        if (found.get().standard() == Subscription.OPT_IN) {
            return choices.whoChose(tx, team, topic, Subscription.OPT_OUT, foldedAddresses);
        }
        var out = new HashSet<>(foldedAddresses);
        out.removeAll(choices.whoChose(tx, team, topic, Subscription.OPT_IN, foldedAddresses));
        return out;
    }

    /// Contacts as one writes to them, in no order; those that are gone are not among them.
    ///
    /// @param topic what the mail is about; `null` for nothing in particular
    public List<Member> members(Tx tx, TeamId team, Collection<UUID> ids, @Nullable UUID topic) {
        var keys = new HashMap<UUID, String>();
        properties.byKey(tx, team).forEach((key, property) -> keys.put(property.id(), key));
        var found = contacts.byId(tx, team, ids);
        var unwilling =
                topic == null
                        ? Set.<String>of()
                        : unwilling(tx, team, topic, found.stream().map(Contact::address).toList());
        return found.stream()
                .map(contact -> Member.of(contact, keys, !unwilling.contains(contact.address())))
                .toList();
    }

    // Who could have chosen a topic that is gone cannot be asked any more.
    private Set<String> unwilling(Tx tx, TeamId team, UUID topic, List<String> addresses) {
        return topics.exists(tx, team, topic)
                ? optedOut(tx, team, topic, addresses)
                : Set.copyOf(addresses);
    }

    /// What stands for properties that a contact does not have, by key.
    public Map<String, String> fallbacks(Tx tx, TeamId team) {
        var fallbacks = new HashMap<String, String>();
        for (var property : properties.byKey(tx, team).values()) {
            if (property.fallback() != null) {
                fallbacks.put(property.key(), Member.text(property.fallback()));
            }
        }
        return fallbacks;
    }

    /// A contact of a segment.
    public record Addressee(UUID id, String email) {}

    /// The contacts of a segment in the order of their ids, some at a time.
    ///
    /// @param after the last one of the time before, `null` to begin
    public List<Addressee> inSegment(
            Tx tx, TeamId team, UUID segment, @Nullable UUID after, int atMost) {
        return contacts.addressees(tx, team, segment, after, atMost);
    }

    /// Checks and makes or changes one contact.
    Applied save(TeamId team, ContactDraft draft) {
        check(team, draft);
        return store.write(tx -> apply(tx, team, List.of(draft), Conflict.UPSERT, true).getFirst());
    }

    /// Makes or changes many, all in one transaction; they must have been checked.
    List<Applied> saveAll(TeamId team, List<ContactDraft> drafts, Conflict rule) {
        return store.write(tx -> apply(tx, team, drafts, rule, true));
    }

    /// One contact, and the properties its team has.
    record View(Contact contact, Map<String, Property> properties) {}

    /// @throws ApiException 404
    View find(TeamId team, ContactKey key) {
        return store.read(tx -> new View(get(tx, team, key), properties.byKey(tx, team)));
    }

    /// Up to one more than the page holds.
    ///
    /// @throws ApiException 404 when it filters by a segment that is not there
    List<Contact> list(TeamId team, ContactFilter filter, Page page) {
        return store.read(tx -> {
            if (filter.segment() != null && !segments.exists(tx, team, filter.segment())) {
                throw Segments.notFound();
            }
            return contacts.list(tx, team, filter, page);
        });
    }

    /// @return the contact's id
    /// @throws ApiException 404, or 422 for a property that does not fit
    UUID update(TeamId team, ContactKey key, ContactChange change) {
        return store.write(tx -> {
            var defined = properties.byKey(tx, team);
            var old = get(tx, team, key);
            new ContactRules(defined, Set.of(), Set.of()).checkFields(change.draft());
            var changed = change.of(old, defined);
            if (!changed.equals(old)) {
                var contact = changed.at(now());
                contacts.update(tx, team, List.of(contact));
                events.record(tx, team, "contact.updated", List.of(contact));
            }
            return old.id();
        });
    }

    /// @return the contact's id, if it was there
    Optional<UUID> delete(TeamId team, ContactKey key) {
        return store.write(tx -> {
            var found = find(tx, team, key);
            found.ifPresent(contact -> delete(tx, team, contact));
            return found.map(Contact::id);
        });
    }

    private void delete(Tx tx, TeamId team, Contact contact) {
        events.record(tx, team, "contact.deleted", List.of(contact));
        contacts.delete(tx, team, contact.id());
        leftovers.delete(tx, Leftovers.Kind.SEGMENTS_OF_CONTACT, contact.id());
        leftovers.delete(tx, Leftovers.Kind.TOPICS_OF_CONTACT, contact.id());
    }

    private void write(Tx tx, TeamId team, Upsert upsert, boolean tell) {
        var created = upsert.created();
        contacts.insert(tx, team, created);
        contacts.update(tx, team, upsert.updated(Set.of()));
        var joined = choices.join(tx, upsert.joins());
        choices.choose(tx, upsert.choices());
        if (tell) {
            events.record(tx, team, "contact.created", created);
            events.record(tx, team, "contact.updated", upsert.updated(joined));
            upsert.chosen().forEach((contact, chosen) -> events.chose(tx, team, contact, chosen));
        }
    }

    Optional<Contact> find(Tx tx, TeamId team, ContactKey key) {
        return contacts.find(tx, team, key);
    }

    /// @throws ApiException 404
    Contact get(Tx tx, TeamId team, ContactKey key) {
        return find(tx, team, key).orElseThrow(Contacts::notFound);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static ApiException notFound() {
        return ApiException.notFound("Contact");
    }

    private static Set<UUID> named(List<ContactDraft> drafts) {
        return all(drafts, ContactDraft::segments);
    }

    private static Set<UUID> chosen(List<ContactDraft> drafts) {
        return all(drafts, draft -> draft.topics().stream().map(TopicChoice::topic).toList());
    }

    private static Set<UUID> all(
            List<ContactDraft> drafts, Function<ContactDraft, List<UUID>> part) {
        var all = new HashSet<UUID>();
        drafts.forEach(draft -> all.addAll(part.apply(draft)));
        return all;
    }
}
