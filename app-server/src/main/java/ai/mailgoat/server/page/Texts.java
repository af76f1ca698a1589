package ai.mailgoat.server.page;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;

/// What pages say, in one language and in the words of one team.
public final class Texts {
    /// One bundle of each feature that has pages. Their keys must differ.
    private static final List<String> BUNDLES =
            List.of(
                    "ai.mailgoat.server.page.texts",
                    "ai.mailgoat.server.unsubscribe.texts",
                    "ai.mailgoat.server.front.texts",
                    "ai.mailgoat.server.signup.texts",
                    "ai.mailgoat.server.share.texts");

    private static final Map<Language, Map<String, String>> STANDARD = load();

    private final Map<String, String> standard;
    private final Map<String, String> own;

    /// @param own texts by key that replace the standard ones
    Texts(Language language, Map<String, String> own) {
        this.standard = Objects.requireNonNull(STANDARD.get(language));
        this.own = Map.copyOf(own);
    }

    /// The standard texts of a language.
    static Map<String, String> standard(Language language) {
        return Objects.requireNonNull(STANDARD.get(language));
    }

    /// @param values take the places of `{0}`, `{1}` and so on
    /// @throws IllegalArgumentException when there is no text by this key
    public String get(String key, Object... values) {
        String text = own.getOrDefault(key, standard.get(key));
        if (text == null) {
            throw new IllegalArgumentException("no text " + key);
        }
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(values[i]));
        }
        return text;
    }

    private static Map<Language, Map<String, String>> load() {
        var all = new EnumMap<Language, Map<String, String>>(Language.class);
        var exact =
                ResourceBundle.Control.getNoFallbackControl(
                        ResourceBundle.Control.FORMAT_PROPERTIES);
        for (var language : Language.values()) {
            var texts = new HashMap<String, String>();
            for (String name : BUNDLES) {
                var bundle = ResourceBundle.getBundle(name, language.locale(), exact);
                bundle.keySet().forEach(key -> texts.put(key, bundle.getString(key)));
            }
            all.put(language, Map.copyOf(texts));
        }
        return all;
    }
}
