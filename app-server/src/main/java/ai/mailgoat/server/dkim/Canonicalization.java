package ai.mailgoat.server.dkim;

import java.io.ByteArrayOutputStream;

/// The two canonicalization algorithms for header and body (RFC 6376, 3.4). Each looks at every
/// octet once, whatever the body is made of. Only CRLF ends a line; a bare CR or LF is an octet
/// like others.
enum Canonicalization {
    SIMPLE,
    RELAXED;

    /// Writes one header field without the CRLF at its end (RFC 6376, 3.4.1 and 3.4.2).
    ///
    /// @param from the first octet of its name
    /// @param to behind its last octet before the final CRLF
    void field(byte[] message, int from, int to, ByteArrayOutputStream out) {
        if (this == SIMPLE) {
            out.write(message, from, to - from);
            return;
        }
        int colon = from;
        while (message[colon] != ':') {
            colon++;
        }
        int nameEnd = colon;
        while (nameEnd > from && isBlank(message[nameEnd - 1])) {
            nameEnd--;
        }
        for (int i = from; i < nameEnd; i++) {
            int c = message[i];
            out.write(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        out.write(':');
        boolean blank = false;
        boolean begun = false;
        for (int i = colon + 1; i < to; i++) {
            byte b = message[i];
            if (isLineEnd(message, i, to)) {
                i++;
            } else if (isBlank(b)) {
                blank = true;
            } else {
                if (blank && begun) {
                    out.write(' ');
                }
                blank = false;
                begun = true;
                out.write(b);
            }
        }
    }

    /// Writes the body (RFC 6376, 3.4.3 and 3.4.4).
    void body(byte[] message, int from, int to, CanonicalBytes out) {
        // Line ends and blanks wait until an octet shows that they are not the last ones.
        int lineEnds = 0;
        boolean blank = false;
        for (int i = from; i < to; i++) {
            byte b = message[i];
            if (isLineEnd(message, i, to)) {
                lineEnds++;
                blank = false;
                i++;
            } else if (this == RELAXED && isBlank(b)) {
                blank = true;
            } else {
                for (; lineEnds > 0; lineEnds--) {
                    out.putLineEnd();
                }
                if (blank) {
                    out.put((byte) ' ');
                    blank = false;
                }
                out.put(b);
            }
        }
        // An empty body is a CRLF when simple, nothing when relaxed.
        if (out.count() > 0 || this == SIMPLE) {
            out.putLineEnd();
        }
    }

    private static boolean isLineEnd(byte[] message, int at, int to) {
        return message[at] == '\r' && at + 1 < to && message[at + 1] == '\n';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
