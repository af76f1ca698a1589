package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

/// What the first run needs; the body of `POST /v1/setup` of the admin API.
///
/// @param adminPassword absent: the admin signs in by other means, or one is made
/// @param domain the first sending domain, if there is one already
public record SetupRequest(
        @Nullable String adminEmail, char @Nullable [] adminPassword, @Nullable String domain) {

    /// Without the password.
    @Override
    public String toString() {
        return "SetupRequest[adminEmail=" + adminEmail + ", domain=" + domain + "]";
    }
}
