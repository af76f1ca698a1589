package ai.mailgoat.server.contact;

import ai.mailgoat.server.property.Property;
import java.util.Map;

/// What a known contact shall become.
///
/// @param draft only its names, `unsubscribed` and properties count
/// @param noFirstName takes the first name away
/// @param noLastName takes the last name away
record ContactChange(ContactDraft draft, boolean noFirstName, boolean noLastName) {

    Contact of(Contact old, Map<String, Property> properties) {
        var c = Upsert.changed(old, draft, properties);
        return new Contact(
                c.id(),
                c.email(),
                c.address(),
                noFirstName ? null : c.firstName(),
                noLastName ? null : c.lastName(),
                c.unsubscribed(),
                c.values(),
                c.createdAt(),
                c.updatedAt());
    }
}
