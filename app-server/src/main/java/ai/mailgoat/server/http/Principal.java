package ai.mailgoat.server.http;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import org.jspecify.annotations.Nullable;

/// Who calls: the team that owns everything the call may see, and what the key may do.
///
/// @param key the id of the API key, or of the grant
/// @param domain the only domain the key may send from, or `null` for any of the team's
public record Principal(
        TeamId team, ApiKeyId key, Permission permission, @Nullable DomainId domain, Kind kind) {

    /// By what a caller is known.
    public enum Kind {
        API_KEY,
        /// The access token of an application.
        GRANT
    }

    /// The holder of an API key.
    public Principal(TeamId team, ApiKeyId key, Permission permission, @Nullable DomainId domain) {
        this(team, key, permission, domain, Kind.API_KEY);
    }

    public enum Permission {
        FULL_ACCESS,
        SENDING_ACCESS;

        /// As it stands in the API: `full_access`, `sending_access`.
        public String apiName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
