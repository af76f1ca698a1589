package ai.mailgoat.server.http;

import ai.mailgoat.server.http.HttpSettings.Patience;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The body of one request: its framing is checked, its size and its time are bounded before it is
/// in memory.
final class RequestBody {
    static final byte[] NONE = {};

    private static final int PIECE = 16 * 1024;
    private static final int MAX_DIGITS = 18;

    /// A chunk of an upload is in memory whole, while the upload is not.
    private static final long MAX_UPLOAD_CHUNK = 1 << 20;

    /// Length of a body that tells its length as it goes.
    private static final long CHUNKED = -1;

    private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);

    private final ServerRequest request;
    private final Deadlines.Deadline deadline;
    private final Patience patience;
    private final BodyBudget budget;
    private long share;
    private boolean begun;
    private long expected = CHUNKED;

    RequestBody(
            ServerRequest request,
            Deadlines.Deadline deadline,
            Patience patience,
            BodyBudget budget) {
        this.request = request;
        this.deadline = deadline;
        this.patience = patience;
        this.budget = budget;
    }

    /// RFC 9112, 6.3: two framings, or one that is not understood, is how requests are smuggled
    /// past a proxy. Helidon takes the first of them.
    ///
    /// @throws ApiException 400; the connection must be closed then
    void checkFraming() {
        var headers = request.headers();
        var lengths = headers.all(HeaderNames.CONTENT_LENGTH, List::of);
        var codings = headers.all(HeaderNames.TRANSFER_ENCODING, List::of);
        if (codings.isEmpty() && lengths.isEmpty()) {
            expected = 0;
        } else if (codings.isEmpty() && lengths.size() == 1 && isNumber(lengths.getFirst())) {
            expected = Long.parseLong(lengths.getFirst());
        } else if (lengths.isEmpty() && codings.equals(List.of("chunked"))) {
            expected = CHUNKED;
        } else {
            throw new ApiException(
                    400, "validation_error", "The length of the request body is ambiguous.");
        }
    }

    boolean isExpected() {
        return expected != 0;
    }

    /// Whether some of it was read already.
    boolean isBegun() {
        return begun;
    }

    /// Whether the peer waits for our word before it sends (RFC 9110, 10.1.1).
    boolean isHeldBack() {
        return request.headers().contains(HeaderNames.EXPECT);
    }

    /// Reads it all.
    ///
    /// @param cap octets at most
    /// @throws ApiException 413, or 503 when there is no memory for it now; the rest is unread then
    byte[] read(long cap) {
        if (!isExpected()) {
            return NONE;
        }
        var content = new ByteArrayOutputStream(Math.clamp(expected, 512, PIECE));
        take(
                cap,
                cap,
                (piece, length) -> {
                    hold(length);
                    content.write(piece, 0, length);
                });
        return content.toByteArray();
    }

    /// Puts it all into `file`.
    ///
    /// @param cap octets at most
    /// @throws IOException when there is no such place
    /// @throws ApiException 413, or 503 when the disk does not take it; the rest is unread then
    void spool(Path file, long cap) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            if (isExpected()) {
                take(cap, MAX_UPLOAD_CHUNK, (piece, length) -> write(out, piece, length));
            }
        }
    }

    private static void write(OutputStream out, byte[] piece, int length) {
        try {
            out.write(piece, 0, length);
        } catch (IOException e) {
            LOG.error("an upload could not be kept", e);
            throw UploadSpool.noPlace();
        }
    }

    private interface Taker {
        void take(byte[] piece, int length);
    }

    // Not closed: closing reads on, a whole chunk if one is next.
    private void take(long cap, long maxChunk, Taker taker) {
        if (expected > cap) {
            throw tooLarge(cap);
        }
        begun = true;
        long start = System.nanoTime();
        long received = 0;
        try {
            var in = request.content().inputStream();
            var chunks = new ChunkGuard(deadline.reader());
            var piece = new byte[Math.clamp(expected, 512, PIECE)];
            for (; ; ) {
                deadline.readingUntil(start + patience(received));
                int room = piece.length;
                if (expected == CHUNKED) {
                    long chunk = chunks.next(Math.min(maxChunk, cap - received));
                    room = Math.clamp(chunk, 1, room);
                }
                int n = in.read(piece, 0, room);
                if (n < 0) {
                    deadline.work();
                    return;
                }
                received += n;
                if (expected == CHUNKED) {
                    chunks.took(n);
                }
                if (received > cap) {
                    throw tooLarge(cap);
                }
                taker.take(piece, n);
            }
        } catch (ApiException | CloseConnectionException e) {
            throw e;
        } catch (ChunkGuard.TooLarge e) {
            throw cap - received > maxChunk ? chunkTooLarge(maxChunk) : tooLarge(cap);
        } catch (RequestException e) {
            throw e.status().code() == 413 ? tooLarge(cap) : ChunkGuard.malformed();
        } catch (IOException | RuntimeException e) {
            throw new CloseConnectionException("the body ended early", e);
        }
    }

    /// Gives back the memory; the body is no longer used.
    void release() {
        budget.give(share);
        share = 0;
    }

    private void hold(int octets) {
        if (!budget.take(octets)) {
            throw new ApiException(
                    503, "service_unavailable", "Too many large requests at once. Try again.");
        }
        share += octets;
    }

    private long patience(long received) {
        return patience.body().toNanos() + received * 1_000_000_000L / patience.bodyRate();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static ApiException chunkTooLarge(long max) {
        return new ApiException(
                413,
                "validation_error",
                "A chunk of the request body is larger than "
                        + max
                        + " bytes. Send smaller ones, or the body with its Content-Length.");
    }

    private static ApiException tooLarge(long cap) {
        return new ApiException(
                413, "validation_error", "The request body is larger than " + cap + " bytes.");
    }
}
