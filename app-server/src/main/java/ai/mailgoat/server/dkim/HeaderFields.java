package ai.mailgoat.server.dkim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the header fields of a message lie. Lines that are no field are passed over.
final class HeaderFields {
    /// @param name lower case
    /// @param from the first octet of the name
    /// @param colon the colon behind the name
    /// @param to behind the last octet before the final CRLF
    record Field(String name, int from, int colon, int to) {}

    private final byte[] message;
    private final List<Field> fields;
    private final int bodyStart;

    private HeaderFields(byte[] message, List<Field> fields, int bodyStart) {
        this.message = message;
        this.fields = fields;
        this.bodyStart = bodyStart;
    }

    /// Reads up to the first empty line, or to the end where there is none.
    static HeaderFields of(byte[] message) {
        var fields = new ArrayList<Field>();
        int start = -1;
        int at = 0;
        int end = 0;
        while (at < message.length) {
            int lineEnd = lineEnd(message, at);
            boolean continued = message[at] == ' ' || message[at] == '\t';
            if (!continued) {
                add(message, start, end, fields);
                start = at;
            }
            end = lineEnd;
            at = Math.min(lineEnd + 2, message.length);
            if (lineEnd == start) {
                return new HeaderFields(message, List.copyOf(fields), at);
            }
        }
        add(message, start, end, fields);
        return new HeaderFields(message, List.copyOf(fields), message.length);
    }

    /// All fields from top to bottom.
    List<Field> fields() {
        return fields;
    }

    /// The first octet of the body.
    int bodyStart() {
        return bodyStart;
    }

    /// Canonicalizes the fields that `names` asks for, each with its CRLF: repeated names go from
    /// the bottom up, names without a field (left) are nothing (RFC 6376, 5.4.2).
    ///
    /// @param except the signature that is being verified, which cannot sign itself
    void select(
            List<String> names,
            @Nullable Field except,
            Canonicalization canonicalization,
            ByteArrayOutputStream out) {
        Map<String, Deque<Field>> left = new HashMap<>();
        for (var field : fields) {
            if (!field.equals(except)) {
                left.computeIfAbsent(field.name(), _ -> new ArrayDeque<>()).push(field);
            }
        }
        for (var name : names) {
            var stack = left.get(name.toLowerCase(Locale.ROOT));
            var field = stack == null ? null : stack.poll();
            if (field != null) {
                canonicalization.field(message, field.from(), field.to(), out);
                out.write('\r');
                out.write('\n');
            }
        }
    }

    private static void add(byte[] message, int from, int to, List<Field> fields) {
        for (int i = Math.max(from, 0); from >= 0 && i < to; i++) {
            if (message[i] == ':') {
                var name = new String(message, from, i - from, StandardCharsets.ISO_8859_1);
                fields.add(new Field(name.strip().toLowerCase(Locale.ROOT), from, i, to));
                return;
            }
        }
    }

    private static int lineEnd(byte[] message, int at) {
        for (int i = at; i + 1 < message.length; i++) {
            if (message[i] == '\r' && message[i + 1] == '\n') {
                return i;
            }
        }
        return message.length;
    }
}
