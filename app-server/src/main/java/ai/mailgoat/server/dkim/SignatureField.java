package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimResult.Status;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.MalformedAddressException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A DKIM-Signature field read (RFC 6376, 3.5 and 6.1.1).
///
/// @param type the key type it needs, `rsa` or `ed25519`
/// @param identityDomain the domain of the AUID, lower case; `d=` where there is no `i=`
/// @param bodyLength `l=`, or `Long.MAX_VALUE` when the whole body is signed
/// @param expiry `x=` in seconds, or `Long.MAX_VALUE`
/// @param unsigned the field as it was when it was signed: `b=` empty, no CRLF
record SignatureField(
        String type,
        Hash hash,
        MailDomain domain,
        String selector,
        String identityDomain,
        Canonicalization headerWay,
        Canonicalization bodyWay,
        List<String> names,
        long bodyLength,
        long expiry,
        byte[] bodyHash,
        byte[] signature,
        String unsigned) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,76}");
    private static final int MAX_SELECTOR = 253;

    /// What could be read even of a bad field, for the report.
    record Labels(
            @Nullable MailDomain domain, @Nullable String selector, @Nullable String algorithm) {

        static final Labels NONE = new Labels(null, null, null);

        static Labels of(TagList tags) {
            MailDomain domain;
            try {
                domain = mailDomain(tags.get("d", ""));
            } catch (Unverifiable _) {
                domain = null;
            }
            return new Labels(domain, tags.get("s"), tags.get("a"));
        }
    }

    static TagList tags(String field) throws Unverifiable {
        return TagList.parse(field.substring(field.indexOf(':') + 1), Status.NEUTRAL);
    }

    /// @param field the whole field without its CRLF, one character per octet
    /// @param drafts whether the versions before RFC 4871 are read too
    static SignatureField of(String field, TagList tags, boolean drafts) throws Unverifiable {
        var version = tags.get("v", "");
        boolean draft = drafts && (version.isEmpty() || version.startsWith("0."));
        if (!version.equals("1") && !draft) {
            throw neutral("not version 1");
        }
        var a = require(tags, "a").toLowerCase(Locale.ROOT);
        var hash =
                switch (a) {
                    case "rsa-sha256", "ed25519-sha256" -> Hash.SHA256;
                    case "rsa-sha1" -> Hash.SHA1;
                    default -> throw neutral("an unknown algorithm");
                };
        var c = tags.get("c", "simple").toLowerCase(Locale.ROOT).split("/", 2);
        var headerWay = way(c[0]);
        var bodyWay = c.length == 1 ? Canonicalization.SIMPLE : way(c[1]);
        var queries = tags.items("q");
        if (tags.has("q") && !queries.contains("dns/txt") && !(draft && queries.contains("dns"))) {
            throw neutral("no known way to fetch the key");
        }
        var domain = mailDomain(require(tags, "d"));
        var selector = utf8(require(tags, "s"));
        if (selector.isEmpty() || selector.length() > MAX_SELECTOR) {
            throw neutral("not a selector");
        }
        var names = signedNames(tags);
        long expiry = number(tags, "x");
        if (tags.has("t") && number(tags, "t") > expiry) {
            throw neutral("it expires before it was made");
        }
        require(tags, "b");
        require(tags, "bh");
        var body = field.substring(field.indexOf(':') + 1);
        return new SignatureField(
                a.substring(0, a.indexOf('-')),
                hash,
                domain,
                selector,
                identityDomain(tags, domain),
                headerWay,
                bodyWay,
                names,
                number(tags, "l"),
                expiry,
                TagList.base64(tags.get("bh", ""), Status.NEUTRAL, "bh"),
                TagList.base64(tags.get("b", ""), Status.NEUTRAL, "b"),
                field.substring(0, field.indexOf(':') + 1) + tags.without("b", body));
    }

    /// The data that was signed (RFC 6376, 3.7).
    byte[] data(HeaderFields header, HeaderFields.Field self) {
        var data = new ByteArrayOutputStream();
        header.select(names, self, headerWay, data);
        byte[] field = CanonicalBytes.octets(unsigned);
        headerWay.field(field, 0, field.length, data);
        return data.toByteArray();
    }

    private static List<String> signedNames(TagList tags) throws Unverifiable {
        require(tags, "h");
        var names = tags.items("h");
        if (names.contains("")) {
            throw neutral("an empty name in h=");
        }
        if (!names.contains("from")) {
            // RFC 6376, 5.4: the From field MUST be signed.
            throw new Unverifiable(Status.PERMERROR, "From is not signed");
        }
        return names;
    }

    private static String identityDomain(TagList tags, MailDomain domain) throws Unverifiable {
        var identity = tags.get("i");
        if (identity == null) {
            return domain.ascii();
        }
        var decoded = quotedPrintable(TagList.withoutBlanks(identity));
        int at = decoded.lastIndexOf('@');
        if (at < 0) {
            throw neutral("i= is no address");
        }
        MailDomain identityDomain = mailDomain(decoded.substring(at + 1));
        if (!identityDomain.isWithin(domain)) {
            throw neutral("the domain of i= is not within d=");
        }
        return identityDomain.ascii();
    }

    /// RFC 6376, 2.11: `=3B` and the like.
    private static String quotedPrintable(String text) throws Unverifiable {
        var decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '=') {
                decoded.append(text.charAt(i));
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw neutral("i= is not quoted-printable");
            }
            decoded.append((char) (high * 16 + low));
            i += 2;
        }
        return decoded.toString();
    }

    private static Canonicalization way(String name) throws Unverifiable {
        return switch (name) {
            case "simple" -> Canonicalization.SIMPLE;
            case "relaxed" -> Canonicalization.RELAXED;
            default -> throw neutral("an unknown canonicalization");
        };
    }

    /// @return `Long.MAX_VALUE` where there is no such tag or the number is past all measure
    private static long number(TagList tags, String name) throws Unverifiable {
        var text = tags.get(name);
        if (text == null) {
            return Long.MAX_VALUE;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw neutral(name + "= is not a number");
        }
        var digits = text.replaceFirst("^0+(?=.)", "");
        return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
    }

    private static MailDomain mailDomain(String value) throws Unverifiable {
        try {
            return MailDomain.parse(utf8(value));
        } catch (MalformedAddressException e) {
            throw neutral("not a domain name");
        }
    }

    /// RFC 8616, 3: U-labels may stand in `d=`, `s=` and `i=`.
    private static String utf8(String latin1) {
        return new String(CanonicalBytes.octets(latin1), StandardCharsets.UTF_8);
    }

    private static String require(TagList tags, String name) throws Unverifiable {
        var value = tags.get(name);
        if (value == null) {
            throw neutral("no " + name + "=");
        }
        return value;
    }

    private static Unverifiable neutral(String reason) {
        return new Unverifiable(Status.NEUTRAL, reason);
    }
}
