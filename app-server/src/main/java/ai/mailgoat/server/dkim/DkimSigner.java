package ai.mailgoat.server.dkim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Signs messages (RFC 6376, 5), relaxed/relaxed, over the whole body. Without state: safe for many
/// threads.
///
/// The header fields that carry meaning are signed once more often than they are there
/// ("oversigned", RFC 6376, 8.15), so that nobody can add a second `From` or `Subject` on the way.
public final class DkimSigner {
    static final List<String> OVERSIGNED =
            List.of(
                    "From",
                    "To",
                    "Cc",
                    "Subject",
                    "Date",
                    "Reply-To",
                    "Sender",
                    "Message-ID",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding",
                    "In-Reply-To",
                    "References",
                    "List-Unsubscribe",
                    "List-Unsubscribe-Post");

    /// What mailing systems on the way may rightly add, or what only means something when signed.
    static final List<String> SIGNED_IF_PRESENT = List.of("Feedback-ID", "List-ID");

    /// A copy replayed later than this does not pass any more (RFC 6376, 8.6).
    static final Duration LIFETIME = Duration.ofDays(7);

    private static final int LINE = 76;

    /// Signs a message with each key; its body is hashed once.
    ///
    /// @param message in wire form, CRLF line ends only
    /// @param headerLength octets of the header, with or without the empty line behind it
    /// @param now becomes `t=`
    /// @return DKIM-Signature fields in the order of the keys, each folded and ended by CRLF, to be
    ///   put in front of the message
    /// @throws IllegalArgumentException when `headerLength` is not where the header ends
    public byte[] sign(byte[] message, int headerLength, List<DkimKey> keys, Instant now) {
        var header = HeaderFields.of(message);
        int start = header.bodyStart();
        if (headerLength != start && headerLength != start - 2) {
            throw new IllegalArgumentException("the header does not end at " + headerLength);
        }
        return sign(message, header, signedNames(header), keys, now);
    }

    static byte[] sign(
            byte[] message,
            HeaderFields header,
            List<String> names,
            List<DkimKey> keys,
            Instant now) {
        var bodyHash = bodyHash(message, header);
        var covered = new ByteArrayOutputStream();
        header.select(names, null, Canonicalization.RELAXED, covered);
        var fields = new ByteArrayOutputStream();
        for (var key : keys) {
            var unsigned = unsigned(key, names, bodyHash, now);
            var value = Base64.getEncoder().encodeToString(key.sign(data(covered, unsigned)));
            fields.writeBytes(CanonicalBytes.octets(unsigned + folded(value) + "\r\n"));
        }
        return fields.toByteArray();
    }

    /// What is signed: the covered fields and the signature field itself with an empty `b=`,
    /// without CRLF (RFC 6376, 3.7).
    static byte[] data(ByteArrayOutputStream covered, String unsigned) {
        var data = new ByteArrayOutputStream(covered.size() + unsigned.length());
        data.writeBytes(covered.toByteArray());
        byte[] field = unsigned.getBytes(StandardCharsets.ISO_8859_1);
        Canonicalization.RELAXED.field(field, 0, field.length, data);
        return data.toByteArray();
    }

    static String bodyHash(byte[] message, HeaderFields header) {
        var octets = new CanonicalBytes(Hash.SHA256.digest(), Long.MAX_VALUE);
        Canonicalization.RELAXED.body(message, header.bodyStart(), message.length, octets);
        return Base64.getEncoder().encodeToString(octets.digest());
    }

    private static List<String> signedNames(HeaderFields header) {
        Map<String, Integer> present = new HashMap<>();
        header.fields().forEach(f -> present.merge(f.name(), 1, Integer::sum));
        var names = new ArrayList<String>();
        for (var name : OVERSIGNED) {
            for (int i = present.getOrDefault(name.toLowerCase(Locale.ROOT), 0); i >= 0; i--) {
                names.add(name);
            }
        }
        for (var name : SIGNED_IF_PRESENT) {
            for (int i = present.getOrDefault(name.toLowerCase(Locale.ROOT), 0); i > 0; i--) {
                names.add(name);
            }
        }
        return names;
    }

    private static String unsigned(DkimKey key, List<String> names, String bodyHash, Instant now) {
        long seconds = now.getEpochSecond();
        var field = new StringBuilder(1000);
        field.append("DKIM-Signature: v=1; a=").append(key.algorithm().tag());
        field.append("; c=relaxed/relaxed;\r\n\td=").append(key.domain().ascii());
        field.append(";\r\n\ts=").append(key.selector());
        field.append("; t=").append(seconds);
        field.append("; x=").append(seconds + LIFETIME.toSeconds());
        field.append(";\r\n\th=");
        int column = 3;
        for (int i = 0; i < names.size(); i++) {
            var item = names.get(i) + (i < names.size() - 1 ? ":" : ";");
            if (column + item.length() > LINE) {
                field.append("\r\n\t");
                column = 1;
            }
            field.append(item);
            column += item.length();
        }
        field.append("\r\n\tbh=").append(bodyHash);
        return field.append(";\r\n\tb=").toString();
    }

    private static String folded(String base64) {
        var text = new StringBuilder(base64.length() + 20);
        int at = 0;
        while (at < base64.length()) {
            int end = Math.min(base64.length(), at + LINE - (at == 0 ? 3 : 1));
            text.append(at == 0 ? "" : "\r\n\t").append(base64, at, end);
            at = end;
        }
        return text.toString();
    }
}
