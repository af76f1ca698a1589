package ai.mailgoat.server.contact;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.property.Property;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A contact as the API shows it.
///
/// @param properties by key, those that have a value
record ContactBody(
        String object,
        UUID id,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean unsubscribed,
        String createdAt,
        String updatedAt,
        Map<String, Value> properties) {

    record Value(String type, Object value) {}

    /// A contact in a list.
    record Item(
            String object,
            UUID id,
            String email,
            @Nullable String firstName,
            @Nullable String lastName,
            boolean unsubscribed,
            String createdAt,
            String updatedAt) {}

    static ContactBody of(Contacts.View view) {
        var contact = view.contact();
        return new ContactBody(
                "contact",
                contact.id(),
                contact.email(),
                contact.firstName(),
                contact.lastName(),
                contact.unsubscribed(),
                ApiTime.postgres(contact.createdAt()),
                ApiTime.postgres(contact.updatedAt()),
                properties(contact, view.properties()));
    }

    static Item item(Contact contact) {
        return new Item(
                "contact",
                contact.id(),
                contact.email(),
                contact.firstName(),
                contact.lastName(),
                contact.unsubscribed(),
                ApiTime.postgres(contact.createdAt()),
                ApiTime.postgres(contact.updatedAt()));
    }

    private static Map<String, Value> properties(Contact contact, Map<String, Property> defined) {
        var all = new LinkedHashMap<String, Value>();
        defined.forEach((key, property) -> {
            var value = contact.values().get(property.id());
            if (value != null) {
                all.put(key, new Value(property.type().apiName(), value));
            }
        });
        return all;
    }
}
