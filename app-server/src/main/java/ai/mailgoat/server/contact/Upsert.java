package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.contact.ChoiceStore.Pair;
import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.Outcome;
import ai.mailgoat.server.property.Property;
import ai.mailgoat.server.smtp.Mailbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What a few drafts make of the contacts there are. Nothing is written here: the drafts are taken
/// one after the other, and what is to be written in the end is asked for.
///
/// Drafts of one list may speak of the same address; each sees what those before it have made.
final class Upsert {
    private final Map<String, Contact> before;
    private final Map<String, Property> properties;
    private final Set<UUID> segments;
    private final Set<UUID> topics;
    private final Uuids ids;
    private final Instant now;
    private final Map<String, Contact> after = new LinkedHashMap<>();
    private final Set<Pair> joins = new LinkedHashSet<>();
    private final Map<Pair, Boolean> choices = new LinkedHashMap<>();

    /// @param known the contacts with the drafts' addresses
    /// @param segments those of the drafts that are still there; others are left out
    /// @param topics as `segments`
    Upsert(
            List<Contact> known,
            Map<String, Property> properties,
            Set<UUID> segments,
            Set<UUID> topics,
            Uuids ids,
            Instant now) {
        this.before = known.stream().collect(Collectors.toMap(Contact::address, c -> c));
        this.properties = properties;
        this.segments = segments;
        this.topics = topics;
        this.ids = ids;
        this.now = now;
    }

    Applied take(ContactDraft draft, Conflict rule) {
        var mailbox = Mailbox.parse(draft.email());
        String address = mailbox.folded();
        var there = after.getOrDefault(address, before.get(address));
        if (there != null && rule == Conflict.SKIP) {
            return new Applied(there.id(), Outcome.SKIPPED);
        }
        var contact = changed(there == null ? blank(mailbox.toString(), address) : there, draft);
        after.put(address, contact);
        for (UUID segment : draft.segments()) {
            if (segments.contains(segment)) {
                joins.add(new Pair(contact.id(), segment));
            }
        }
        for (var choice : draft.topics()) {
            if (topics.contains(choice.topic())) {
                choices.put(new Pair(contact.id(), choice.topic()), choice.optIn());
            }
        }
        return new Applied(contact.id(), there == null ? Outcome.CREATED : Outcome.UPDATED);
    }

    List<Contact> created() {
        return after.values().stream().filter(c -> !before.containsKey(c.address())).toList();
    }

    /// Known contacts that are no longer as they were, with a new time of change.
    ///
    /// @param others ids of such as are wanted although nothing about them is new
    List<Contact> updated(Set<UUID> others) {
        var updated = new ArrayList<Contact>();
        after.forEach((address, contact) -> {
            var old = before.get(address);
            if (old != null && !old.equals(contact)) {
                updated.add(contact.at(now));
            } else if (old != null && others.contains(contact.id())) {
                updated.add(contact);
            }
        });
        return updated;
    }

    /// Contacts and the segments they shall be in.
    Set<Pair> joins() {
        return joins;
    }

    /// Contacts and what they chose.
    Map<Pair, Boolean> choices() {
        return choices;
    }

    /// What each contact chose in these drafts, by topic.
    Map<Contact, Map<UUID, Boolean>> chosen() {
        var byId = after.values().stream().collect(Collectors.toMap(Contact::id, c -> c));
        var chosen = new LinkedHashMap<Contact, Map<UUID, Boolean>>();
        choices.forEach((pair, optIn) ->
                chosen.computeIfAbsent(
                                Objects.requireNonNull(byId.get(pair.contact())),
                                contact -> new LinkedHashMap<>())
                        .put(pair.other(), optIn));
        return chosen;
    }

    private Contact blank(String email, String address) {
        return new Contact(ids.next(), email, address, null, null, false, Map.of(), now, now);
    }

    private Contact changed(Contact contact, ContactDraft draft) {
        return changed(contact, draft, properties);
    }

    /// `contact` with what `draft` says; its time of change stays. Values of properties that are no
    /// longer there are dropped.
    static Contact changed(Contact contact, ContactDraft draft, Map<String, Property> properties) {
        return new Contact(
                contact.id(),
                contact.email(),
                contact.address(),
                draft.firstName() == null ? contact.firstName() : draft.firstName(),
                draft.lastName() == null ? contact.lastName() : draft.lastName(),
                draft.unsubscribed() == null ? contact.unsubscribed() : draft.unsubscribed(),
                values(contact, draft, properties),
                contact.createdAt(),
                contact.updatedAt());
    }

    private static Map<UUID, Object> values(
            Contact contact, ContactDraft draft, Map<String, Property> properties) {
        if (contact.values().isEmpty() && draft.properties().isEmpty()) {
            return Map.of();
        }
        var there = new HashSet<UUID>();
        properties.values().forEach(property -> there.add(property.id()));
        var values = new HashMap<>(contact.values());
        values.keySet().retainAll(there);
        draft.properties()
                .forEach((key, value) -> {
                    var property = properties.get(key);
                    if (property == null) {
                        return;
                    }
                    if (value == null) {
                        values.remove(property.id());
                    } else if (property.type().fits(value)) {
                        values.put(property.id(), value);
                    }
                });
        return values;
    }
}
