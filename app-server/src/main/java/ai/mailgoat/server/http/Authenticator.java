package ai.mailgoat.server.http;

import java.util.Optional;

/// Tells who holds a token. The feature that keeps API keys implements it.
public interface Authenticator {

    /// @param token what followed `Bearer `
    /// @return empty when the token is unknown or revoked
    Optional<Principal> authenticate(String token);
}
