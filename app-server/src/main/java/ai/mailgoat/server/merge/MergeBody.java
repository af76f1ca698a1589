package ai.mailgoat.server.merge;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The text of many mails as it is kept once for all of them, in JSON in the blob store.
///
/// @param text `null` to derive it from the HTML of each mail, empty for none
/// @param fallbacks by canonical key, for places that have none of their own
public record MergeBody(
        @Nullable String html, @Nullable String text, Map<String, String> fallbacks) {

    /// What an author wrote, as it is sent.
    ///
    /// @param previewText what mail readers show beside the subject; `null` or blank for none
    /// @param fallbacks of properties, by the property's key
    /// @throws MalformedMergeException see {@link MergeText#parse}
    public static MergeBody of(
            @Nullable String html,
            @Nullable String text,
            @Nullable String previewText,
            Map<String, String> fallbacks) {
        String shown = html == null || html.isEmpty() ? null : PreviewText.into(html, previewText);
        var used = MergeValues.fallbacks(fallbacks);
        used.keySet().retainAll(new MergeBody(shown, text, Map.of()).parse().keys());
        return new MergeBody(shown, text, used);
    }

    /// @throws MalformedMergeException see {@link MergeText#parse}
    public Parsed parse() {
        return new Parsed(parsed(html), parsed(text));
    }

    private @Nullable MergeText parsed(@Nullable String part) {
        return part == null ? null : MergeText.parse(part).withFallbacks(fallbacks);
    }

    /// Both parts, ready to be filled many times.
    public record Parsed(@Nullable MergeText html, @Nullable MergeText text) {

        /// The canonical keys of all places.
        public Set<String> keys() {
            return all(MergeText::keys);
        }

        /// The canonical keys of places that have no fallback of their own.
        public Set<String> bareKeys() {
            return all(MergeText::bareKeys);
        }

        private Set<String> all(Function<MergeText, Set<String>> keysOf) {
            var keys = new LinkedHashSet<String>();
            if (html != null) {
                keys.addAll(keysOf.apply(html));
            }
            if (text != null) {
                keys.addAll(keysOf.apply(text));
            }
            return keys;
        }

        public @Nullable String html(Map<String, String> values) {
            return html == null ? null : html.fillHtml(values);
        }

        public @Nullable String text(Map<String, String> values) {
            return text == null ? null : text.fill(values);
        }
    }
}
