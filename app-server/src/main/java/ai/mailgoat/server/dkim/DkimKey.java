package ai.mailgoat.server.dkim;

import ai.mailgoat.server.smtp.MailDomain;
import java.util.regex.Pattern;

/// A private key and where its public half is published. Made by {@link DkimKeys#load}. Safe for
/// many threads.
public final class DkimKey {
    /// RFC 6376, 3.1: selector = sub-domain *( "." sub-domain ).
    private static final Pattern SELECTOR =
            Pattern.compile(
                    "(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*+");

    private static final int MAX_SELECTOR = 63;

    private final MailDomain domain;
    private final String selector;
    private final Algorithm algorithm;
    private final Secret secret;

    /// What signs header data; keeps the private key to itself.
    interface Secret {
        byte[] sign(byte[] data);
    }

    DkimKey(MailDomain domain, String selector, Algorithm algorithm, Secret secret) {
        if (selector.length() > MAX_SELECTOR || !SELECTOR.matcher(selector).matches()) {
            throw new IllegalArgumentException("not a selector");
        }
        this.domain = domain;
        this.selector = selector;
        this.algorithm = algorithm;
        this.secret = secret;
    }

    /// The SDID, `d=`.
    public MailDomain domain() {
        return domain;
    }

    /// `s=`.
    public String selector() {
        return selector;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /// The name of the TXT record that holds the public key (RFC 6376, 3.6.2.1).
    public String recordName() {
        return selector + "._domainkey." + domain.ascii();
    }

    byte[] sign(byte[] data) {
        return secret.sign(data);
    }

    @Override
    public String toString() {
        return "DkimKey[" + recordName() + ", " + algorithm.tag() + "]";
    }
}
