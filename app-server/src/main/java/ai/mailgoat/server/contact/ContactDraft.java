package ai.mailgoat.server.contact;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a contact shall be. `null` leaves a field of an existing contact as it is.
///
/// @param email as it was given; contacts are told apart by its folded form
/// @param properties by key, a `String` or a `Number` of the type the property has; `null` takes
///   the value away
/// @param segments to add it to; it leaves none
/// @param topics explicit choices
public record ContactDraft(
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable Boolean unsubscribed,
        Map<String, @Nullable Object> properties,
        List<UUID> segments,
        List<TopicChoice> topics) {

    /// @param optIn whether it wants the topic's mail
    public record TopicChoice(UUID topic, boolean optIn) {}

    /// What happens when the address is known already.
    public enum Conflict {
        UPSERT,
        SKIP
    }

    /// What became of one draft.
    public enum Outcome {
        CREATED,
        UPDATED,
        SKIPPED
    }

    /// @param contact also for one that was skipped
    public record Applied(UUID contact, Outcome outcome) {}
}
