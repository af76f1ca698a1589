package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimResult.Status;
import java.util.List;
import java.util.Locale;

/// A published key (RFC 6376, 3.6.1).
///
/// @param type `k=`, lower case
/// @param key the public key's octets, never empty
/// @param hashes the acceptable hash functions; empty for all
/// @param testing `t=y`
/// @param exactDomain `t=s`: the AUID's domain must be the SDID itself
record KeyRecord(
        String type, byte[] key, List<String> hashes, boolean testing, boolean exactDomain) {

    /// @throws Unverifiable when it is none for e-mail, or revoked
    static KeyRecord parse(String text) throws Unverifiable {
        var tags = TagList.parse(text, Status.PERMERROR);
        if (tags.has("v") && !(tags.first().equals("v") && tags.get("v", "").equals("DKIM1"))) {
            throw new Unverifiable(Status.PERMERROR, "not a record of DKIM1");
        }
        var key = tags.get("p");
        if (key == null) {
            throw new Unverifiable(Status.PERMERROR, "a key record without p=");
        }
        if (key.isEmpty()) {
            throw new Unverifiable(Status.PERMERROR, "the key is revoked");
        }
        var services = tags.items("s");
        if (tags.has("s") && !services.contains("*") && !services.contains("email")) {
            throw new Unverifiable(Status.PERMERROR, "the key is not for e-mail");
        }
        var flags = tags.items("t");
        return new KeyRecord(
                tags.get("k", "rsa").toLowerCase(Locale.ROOT),
                TagList.base64(key, Status.PERMERROR, "p"),
                tags.items("h"),
                flags.contains("y"),
                flags.contains("s"));
    }
}
