package ai.mailgoat.server.http;

import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The answers that go on, of one listener.
final class Streams {
    private final Duration patience;
    private final Map<Way, Runnable> waiting = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /// @param patience for the peer to take one piece
    Streams(Duration patience) {
        this.patience = patience;
    }

    /// Runs a stream to its end. Each piece has its own deadline; between two of them nothing is
    /// expected of the peer.
    void run(Answer.Stream stream, ServerResponse response, Deadlines.Deadline deadline)
            throws IOException {
        try (var out = response.outputStream()) {
            var way = new Way(out, deadline);
            try {
                stream.run(way);
            } finally {
                waiting.remove(way);
            }
            deadline.writing(patience);
        }
    }

    /// Ends what would not end by itself.
    void close() {
        closing = true;
        waiting.values().forEach(Runnable::run);
    }

    private final class Way implements Answer.Out {
        private final OutputStream out;
        private final Deadlines.Deadline deadline;

        Way(OutputStream out, Deadlines.Deadline deadline) {
            this.out = out;
            this.deadline = deadline;
        }

        @Override
        public void write(byte[] octets) {
            deadline.writing(patience);
            try {
                out.write(octets);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            deadline.work();
        }

        @Override
        public boolean isClosing() {
            return closing;
        }

        @Override
        public void onClosing(Runnable action) {
            waiting.put(this, action);
            if (closing) {
                action.run();
            }
        }
    }
}
