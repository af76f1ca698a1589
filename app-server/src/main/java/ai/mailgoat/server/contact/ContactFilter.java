package ai.mailgoat.server.contact;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which contacts a list shall show; `null` for all.
///
/// @param segment must be one of the team's
/// @param address folded
record ContactFilter(
        @Nullable UUID segment, @Nullable String address, @Nullable Boolean unsubscribed) {}
