package ai.mailgoat.server.merge;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is put into texts for one reader, by canonical key.
public final class MergeValues {
    private MergeValues() {}

    /// The values of a contact that texts ask for; what is not known is left out.
    ///
    /// @param keys canonical, see {@link MergeText#keys()}
    /// @param properties what the contact has, by the property's key
    /// @param unsubscribeUrl `null` when there is none
    public static Map<String, String> of(
            Collection<String> keys,
            String email,
            @Nullable String firstName,
            @Nullable String lastName,
            Map<String, String> properties,
            @Nullable String unsubscribeUrl) {
        var values = new LinkedHashMap<String, String>();
        for (String key : keys) {
            String value =
                    switch (key) {
                        case MergeText.CONTACT + "email" -> email;
                        case MergeText.CONTACT + "first_name" -> firstName;
                        case MergeText.CONTACT + "last_name" -> lastName;
                        case MergeText.UNSUBSCRIBE_URL -> unsubscribeUrl;
                        default -> properties.get(key.substring(MergeText.CONTACT.length()));
                    };
            if (value != null && !value.isBlank()) {
                values.put(key, value);
            }
        }
        return values;
    }

    /// Fallbacks of properties by canonical key.
    ///
    /// @param byProperty by the property's key
    public static Map<String, String> fallbacks(Map<String, String> byProperty) {
        var fallbacks = new LinkedHashMap<String, String>();
        byProperty.forEach((key, fallback) -> fallbacks.put(MergeText.CONTACT + key, fallback));
        return fallbacks;
    }
}
