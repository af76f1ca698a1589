package ai.mailgoat.server.delivery;

/// The message as it goes over the wire between `354` and the final dot (RFC 5321, 4.1.1.4 and
/// 4.5.2).
final class WireMessage {
    private static final byte[] STUFFED_DOT = {'.'};
    private static final byte[] END = {'.', '\r', '\n'};
    private static final byte[] MISSING_END = {'\r', '\n', '.', '\r', '\n'};

    private WireMessage() {}

    /// Takes the octets of a message, some at a time.
    interface Sink {
        void put(byte[] octets, int from, int to) throws SessionBroken;
    }

    /// Whether every CR is followed by LF and every LF preceded by CR. What a bare one means
    /// differs from host to host, and that difference is how a second mail is smuggled in (RFC
    /// 5321, 2.3.8).
    static boolean hasOnlyCrLf(byte[] message) {
        boolean afterCr = false;
        for (byte octet : message) {
            if (afterCr != (octet == '\n')) {
                return false;
            }
            afterCr = octet == '\r';
        }
        return !afterCr;
    }

    /// Writes the message with its dots stuffed, then the final dot. A last line without CRLF gets
    /// one, as DKIM has counted it already (RFC 6376, 3.4.3).
    static void write(byte[] message, Sink sink) throws SessionBroken {
        int start = 0;
        boolean lineStart = true;
        for (int i = 0; i < message.length; i++) {
            byte octet = message[i];
            if (lineStart && octet == '.') {
                sink.put(message, start, i);
                sink.put(STUFFED_DOT, 0, 1);
                start = i;
            }
            lineStart = octet == '\n';
        }
        sink.put(message, start, message.length);
        byte[] end = lineStart ? END : MISSING_END;
        sink.put(end, 0, end.length);
    }
}
