package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody who asked for mail, and what they agreed to.
///
/// @param form may be gone
/// @param address the folded `email`
/// @param consent the words agreed to, as they stood on the form
/// @param ip from where it was asked
/// @param confirmed `null` as long as nobody has followed the link of the mail
record Signup(
        UUID id,
        TeamId team,
        UUID form,
        String address,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        String consent,
        String ip,
        Instant createdAt,
        @Nullable Confirmation confirmed) {

    Signup confirmed(Confirmation confirmation) {
        return new Signup(
                id,
                team,
                form,
                address,
                email,
                firstName,
                lastName,
                consent,
                ip,
                createdAt,
                confirmation);
    }

    /// @param contact that was made or found for it; may be gone
    record Confirmation(Instant at, String ip, UUID contact) {}
}
