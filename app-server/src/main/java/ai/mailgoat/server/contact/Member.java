package ai.mailgoat.server.contact;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A contact as one writes to it.
///
/// @param address its folded form, see `Mailbox.folded()`
/// @param unsubscribed wants no broadcasts at all
/// @param wantsTopic whether mail of the topic in question is wanted, by choice or by the topic's
///   default; `true` when there is no topic
/// @param properties what it has, as text by the property's key; without fallbacks
public record Member(
        UUID id,
        String email,
        String address,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean unsubscribed,
        boolean wantsTopic,
        Map<String, String> properties) {

    /// @param keys of the team's properties, by their ids
    static Member of(Contact contact, Map<UUID, String> keys, boolean wantsTopic) {
        var properties = new HashMap<String, String>();
        contact.values()
                .forEach((property, value) -> {
                    String key = keys.get(property);
                    if (key != null) {
                        properties.put(key, text(value));
                    }
                });
        return new Member(
                contact.id(),
                contact.email(),
                contact.address(),
                contact.firstName(),
                contact.lastName(),
                contact.unsubscribed(),
                wantsTopic,
                properties);
    }

    /// A property's value as it is read: numbers without an exponent.
    static String text(Object value) {
        return value instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : value.toString();
    }
}
