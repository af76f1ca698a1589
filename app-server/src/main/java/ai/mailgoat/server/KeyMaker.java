package ai.mailgoat.server;

import ai.mailgoat.server.dkim.Algorithm;
import ai.mailgoat.server.dkim.DkimKeys;
import ai.mailgoat.server.domain.DkimAlgorithm;
import ai.mailgoat.server.domain.DkimKeyMaker;
import java.util.Base64;

/// Lets `dkim` make the keys that `domain` keeps; neither knows the other.
final class KeyMaker implements DkimKeyMaker {
    @Override
    public KeyPair make(DkimAlgorithm algorithm) {
        var generated =
                DkimKeys.generate(
                        switch (algorithm) {
                            case RSA_SHA256 -> Algorithm.RSA_SHA256;
                            case ED25519_SHA256 -> Algorithm.ED25519_SHA256;
                        });
        String record = generated.recordValue();
        byte[] publicKey =
                Base64.getDecoder().decode(record.substring(record.indexOf("p=") + "p=".length()));
        return new KeyPair(generated.privateKey(), publicKey);
    }
}
