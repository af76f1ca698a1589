package ai.mailgoat.server.topic;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What mail may be about.
///
/// @param standard what holds for whoever has not chosen
public record Topic(
        UUID id,
        String name,
        @Nullable String description,
        Subscription standard,
        Visibility visibility,
        Instant createdAt,
        Instant updatedAt) {

    /// Who sees it on the page where one unsubscribes.
    public enum Visibility {
        /// Everybody.
        PUBLIC,
        /// Those who have opted in.
        PRIVATE;

        /// As it stands in the API.
        public String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A topic as one contact sees it.
    ///
    /// @param subscription what holds for the contact, by its choice or by default
    public record Of(Topic topic, Subscription subscription) {}
}
