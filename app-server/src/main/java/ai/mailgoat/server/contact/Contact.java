package ai.mailgoat.server.contact;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody a team may write to.
///
/// @param email as it was first given, the domain in lower case and ASCII
/// @param address its folded form, see `Mailbox.folded()`; unique in the team
/// @param unsubscribed wants no broadcasts at all
/// @param values of its properties, by the property's id: `String`, `Long` or `Double`. Those of
///   properties that are gone may still be there.
record Contact(
        UUID id,
        String email,
        String address,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean unsubscribed,
        Map<UUID, Object> values,
        Instant createdAt,
        Instant updatedAt) {

    /// The same at another time.
    Contact at(Instant time) {
        return new Contact(
                id, email, address, firstName, lastName, unsubscribed, values, createdAt, time);
    }
}
