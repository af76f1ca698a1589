package ai.mailgoat.server.contact;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.property.Property;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.topic.Topics;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a draft is held against: the properties, segments and topics of a team at one moment. Asks
/// the database nothing, so a hundred thousand drafts can be checked with one.
public final class ContactRules {
    static final int MAX_NAME = 200;
    static final int MAX_ENTRIES = 100;
    private static final int MAX_ECHO = 50;

    private final Map<String, Property> properties;
    private final Set<UUID> segments;
    private final Set<UUID> topics;

    ContactRules(Map<String, Property> properties, Set<UUID> segments, Set<UUID> topics) {
        this.properties = properties;
        this.segments = segments;
        this.topics = topics;
    }

    /// The properties of the team, by key.
    public Map<String, Property> properties() {
        return properties;
    }

    /// @throws ApiException 422 that names the field; 404 for a segment or a topic that is not
    ///   there
    public void check(ContactDraft draft) {
        address("email", draft.email());
        checkFields(draft);
        if (!segments.containsAll(draft.segments())) {
            throw Segments.notFound();
        }
        for (var choice : draft.topics()) {
            if (!topics.contains(choice.topic())) {
                throw Topics.notFound();
            }
        }
    }

    /// Names and properties alone.
    void checkFields(ContactDraft draft) {
        checkName("first_name", draft.firstName());
        checkName("last_name", draft.lastName());
        draft.properties().forEach(this::checkProperty);
    }

    /// @param field for the message
    static Mailbox address(String field, String email) {
        try {
            return Mailbox.parse(email);
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. The email address needs to follow the `email@example.com`"
                            + " format.");
        }
    }

    private static void checkName(String field, @Nullable String name) {
        if (name == null) {
            return;
        }
        if (name.length() > MAX_NAME) {
            throw ApiException.validation(
                    "The `" + field + "` field must have at most " + MAX_NAME + " characters.");
        }
        if (!Property.Type.STRING.fits(name)) {
            throw ApiException.validation(
                    "Invalid `" + field + "` field. Control characters are not allowed.");
        }
    }

    private void checkProperty(String key, @Nullable Object value) {
        var property = properties.get(key);
        if (property == null) {
            String echo = key.length() > MAX_ECHO ? key.substring(0, MAX_ECHO) + "…" : key;
            throw ApiException.validation(
                    "Invalid `properties` field. There is no contact property `" + echo + "`.");
        }
        if (value != null && !property.type().fits(value)) {
            throw ApiException.validation(
                    "Invalid `properties."
                            + key
                            + "` field. It must be "
                            + property.type().expected()
                            + ".");
        }
    }
}
