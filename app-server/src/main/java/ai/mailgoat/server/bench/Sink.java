package ai.mailgoat.server.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Takes mail at some addresses and counts it.
public sealed interface Sink extends AutoCloseable permits ProgramSink, SocketSink {

    /// Mails taken whole so far.
    long messages();

    /// Such as `smtp-sink`, for the report.
    String name();

    @Override
    void close() throws IOException;

    /// Postfix's `smtp-sink` where it is installed, since it costs little CPU; else one in this
    /// process.
    static Sink open(List<String> addresses, int port) throws IOException {
        var program = program();
        return program.isPresent()
                ? ProgramSink.start(program.get(), addresses, port)
                : SocketSink.open(addresses, port);
    }

    private static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "smtp-sink"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
