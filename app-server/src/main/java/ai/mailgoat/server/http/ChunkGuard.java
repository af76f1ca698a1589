package ai.mailgoat.server.http;

import io.helidon.common.buffers.DataReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Reads the size of each chunk (RFC 9112, 7.1) before Helidon does, which takes a whole chunk into
/// memory, of any size up to the largest body there is.
final class ChunkGuard {
    /// Eight hex digits, the most that Helidon reads.
    private static final int MAX_DIGITS = 8;

    private final DataReader reader;
    private long left;

    ChunkGuard(DataReader reader) {
        this.reader = reader;
    }

    /// How many octets of the present chunk are still to be read; 0 before the end of the body.
    /// Waits for the head of the next chunk when the present one is over.
    ///
    /// @param max octets that a chunk may have
    /// @throws TooLarge nothing of the chunk was taken in
    /// @throws ApiException 400 when there is no chunk
    long next(long max) throws TooLarge {
        if (left == 0) {
            left = size();
            if (left > max) {
                throw new TooLarge();
            }
        }
        return left;
    }

    void took(int octets) {
        left -= octets;
    }

    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("a chunk is too large", null, false, false);
        }
    }

    private long size() {
        int length = reader.findNewLine(MAX_DIGITS + 1);
        if (length == 0 || length > MAX_DIGITS) {
            throw malformed();
        }
        var line = new byte[length];
        var head = reader.getBuffer(length);
        head.read(line);
        try {
            return HexFormat.fromHexDigitsToLong(new String(line, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    static ApiException malformed() {
        return new ApiException(400, "validation_error", "The request body is malformed.");
    }
}
