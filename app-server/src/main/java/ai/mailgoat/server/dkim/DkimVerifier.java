package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimResult.Status;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Verifies DKIM signatures (RFC 6376, 6; RFC 8301; RFC 8463). Without state: safe for many
/// threads.
public final class DkimVerifier {
    /// RFC 6376, 8.4: a sender must not make us work and ask without end.
    private static final int MAX_SIGNATURES = 10;

    private static final int MAX_KEY_RECORDS = 5;

    private final Rules rules;

    public DkimVerifier() {
        this(Rules.TODAY);
    }

    DkimVerifier(Rules rules) {
        this.rules = rules;
    }

    /// What still counts as a signature.
    ///
    /// @param drafts whether the versions before RFC 4871 do (no `v=`, or `v=0.5`; `q=dns`)
    /// @param sha1 whether rsa-sha1 does, as it did before 2018
    /// @param leastRsaBits how long an RSA key must be
    record Rules(boolean drafts, boolean sha1, int leastRsaBits) {
        static final Rules TODAY = new Rules(false, false, 1024);
    }

    /// Judges the topmost ten signatures, in their order. Asks `dns` for each key, so it blocks;
    /// never throws for what the message or the DNS says.
    ///
    /// @param message as received, with CRLF line ends
    /// @param now what `x=` is compared with
    /// @return empty when the message is not signed
    public List<DkimResult> verify(byte[] message, Dns dns, Instant now) {
        var header = HeaderFields.of(message);
        var inspection = new Inspection(message, header, dns, now, new HashMap<>());
        var results = new ArrayList<DkimResult>();
        for (var field : header.fields()) {
            if (field.name().equals("dkim-signature") && results.size() < MAX_SIGNATURES) {
                results.add(judge(inspection, field));
            }
        }
        return List.copyOf(results);
    }

    private record BodyKey(Canonicalization way, Hash hash, long length) {}

    private record Body(byte[] hash, long octets) {}

    /// What the signatures of one message share; the body is hashed once for equal wishes.
    private record Inspection(
            byte[] message, HeaderFields header, Dns dns, Instant now, Map<BodyKey, Body> bodies) {

        Body body(SignatureField signature) {
            var key = new BodyKey(signature.bodyWay(), signature.hash(), signature.bodyLength());
            return bodies.computeIfAbsent(
                    key,
                    _ -> {
                        var octets = new CanonicalBytes(key.hash.digest(), key.length);
                        key.way.body(message, header.bodyStart(), message.length, octets);
                        return new Body(octets.digest(), octets.count());
                    });
        }
    }

    private DkimResult judge(Inspection inspection, HeaderFields.Field self) {
        var text =
                new String(
                        inspection.message,
                        self.from(),
                        self.to() - self.from(),
                        StandardCharsets.ISO_8859_1);
        var labels = SignatureField.Labels.NONE;
        boolean partial = false;
        boolean testing = false;
        try {
            var tags = SignatureField.tags(text);
            labels = SignatureField.Labels.of(tags);
            var signature = SignatureField.of(text, tags, rules.drafts);
            checkAge(signature, inspection.now);
            var key = key(signature, inspection.dns);
            testing = key.testing();
            checkKey(signature, key);
            var body = inspection.body(signature);
            partial = body.octets > signature.bodyLength();
            checkBody(signature, body);
            if (!verifies(signature, key, signature.data(inspection.header, self))) {
                throw new Unverifiable(Status.FAIL, "the signature does not fit the header");
            }
            return result(Status.PASS, "", labels, partial, testing);
        } catch (Unverifiable e) {
            return result(e.status(), e.reason(), labels, partial, testing);
        }
    }

    private static DkimResult result(
            Status status,
            String reason,
            SignatureField.Labels labels,
            boolean partial,
            boolean testing) {
        return new DkimResult(
                status,
                labels.domain(),
                labels.selector(),
                labels.algorithm(),
                reason,
                partial,
                testing);
    }

    private void checkAge(SignatureField signature, Instant now) throws Unverifiable {
        if (signature.hash() == Hash.SHA1 && !rules.sha1) {
            // RFC 8301, 3.1: permanently failed.
            throw new Unverifiable(Status.FAIL, "rsa-sha1 is too weak");
        }
        if (signature.expiry() <= now.getEpochSecond()) {
            throw new Unverifiable(Status.FAIL, "the signature has expired");
        }
    }

    private static void checkBody(SignatureField signature, Body body) throws Unverifiable {
        if (signature.bodyLength() != Long.MAX_VALUE && signature.bodyLength() > body.octets) {
            // RFC 6376, 3.5: l= must not be more than there is.
            throw new Unverifiable(Status.FAIL, "l= is longer than the body");
        }
        if (!MessageDigest.isEqual(body.hash, signature.bodyHash())) {
            throw new Unverifiable(Status.FAIL, "the body hash does not fit");
        }
    }

    /// RFC 6376, 6.1.2. Where there are several records, the first one that is a key counts.
    private static KeyRecord key(SignatureField signature, Dns dns) throws Unverifiable {
        var name = signature.selector() + "._domainkey." + signature.domain().ascii();
        return switch (dns.txt(name)) {
            case DnsAnswer.Found<String>(var texts) -> firstKey(texts);
            case DnsAnswer.NoData<String>() -> throw noKey();
            case DnsAnswer.NoSuchName<String>() -> throw noKey();
            case DnsAnswer.Failed<String> _ ->
                    throw new Unverifiable(Status.TEMPERROR, "the key could not be fetched");
        };
    }

    private static Unverifiable noKey() {
        return new Unverifiable(Status.PERMERROR, "there is no key");
    }

    private static KeyRecord firstKey(List<String> texts) throws Unverifiable {
        Unverifiable trouble = noKey();
        for (var text : texts.subList(0, Math.min(texts.size(), MAX_KEY_RECORDS))) {
            try {
                return KeyRecord.parse(text);
            } catch (Unverifiable e) {
                trouble = e;
            }
        }
        throw trouble;
    }

    private static void checkKey(SignatureField signature, KeyRecord key) throws Unverifiable {
        if (!key.type().equals(signature.type())) {
            throw new Unverifiable(Status.PERMERROR, "the key is of another type");
        }
        if (!key.hashes().isEmpty() && !key.hashes().contains(signature.hash().tag)) {
            throw new Unverifiable(Status.PERMERROR, "the key is not for this hash");
        }
        if (key.exactDomain() && !signature.identityDomain().equals(signature.domain().ascii())) {
            throw new Unverifiable(Status.PERMERROR, "the key is not for subdomains");
        }
    }

    private boolean verifies(SignatureField signature, KeyRecord key, byte[] data)
            throws Unverifiable {
        return signature.type().equals("rsa")
                ? PublicKeys.verifyRsa(
                        key.key(),
                        rules.leastRsaBits,
                        signature.hash(),
                        data,
                        signature.signature())
                : PublicKeys.verifyEd25519(key.key(), data, signature.signature());
    }
}
