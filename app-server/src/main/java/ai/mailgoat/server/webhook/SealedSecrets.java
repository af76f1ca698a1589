package ai.mailgoat.server.webhook;

import ai.mailgoat.server.secret.MasterKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The signing secrets of a webhook, as they are stored.
///
/// @param previous the secret before the last rotation, `null` before the first
/// @param previousUntil how long calls are signed with it, too
record SealedSecrets(byte[] current, byte @Nullable [] previous, @Nullable Instant previousUntil) {

    /// The secrets to sign with, the newest first.
    List<SigningSecret> open(MasterKey key, Instant now) {
        var secrets = new ArrayList<SigningSecret>(2);
        secrets.add(new SigningSecret(key.open(current)));
        if (previous != null && previousUntil != null && now.isBefore(previousUntil)) {
            secrets.add(new SigningSecret(key.open(previous)));
        }
        return secrets;
    }
}
