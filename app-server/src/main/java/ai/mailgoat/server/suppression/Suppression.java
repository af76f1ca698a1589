package ai.mailgoat.server.suppression;

import ai.mailgoat.common.id.SuppressionId;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry of a team's list.
///
/// @param address folded, see `Mailbox.folded()`
/// @param sourceId the e-mail that bounced or was complained about, if it was one
public record Suppression(
        SuppressionId id,
        String address,
        Origin origin,
        @Nullable UUID sourceId,
        Instant createdAt) {

    /// How an address came onto the list.
    public enum Origin {
        BOUNCE,
        COMPLAINT,
        MANUAL;

        /// As it stands in the API.
        public String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
