package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;

/// A key that was just made.
///
/// @param token the whole secret, to be shown once: it is kept nowhere
public record NewApiKey(ApiKeyId id, String token) {

    /// Without the token: it has no place in a log.
    @Override
    public String toString() {
        return "NewApiKey[" + id + "]";
    }
}
