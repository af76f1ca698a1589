package ai.mailgoat.server.delivery;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Postfix's `smtp-sink` as a child process on a free loopback port.
final class SmtpSink implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/sbin/smtp-sink");

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final int port;

    private SmtpSink(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /// @param options before the address, such as `-p` or `-d`
    static SmtpSink start(List<String> options) throws IOException {
        int port = freePort();
        var command = new ArrayList<String>();
        command.add(PROGRAM.toString());
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(options);
        command.addAll(List.of("127.0.0.1:" + port, "200"));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(new File("/dev/null"))
                        .start();
        var sink = new SmtpSink(process, port);
        sink.awaitListening();
        return sink;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }

    private void awaitListening() throws IOException {
        var limit = Deadline.in(START_LIMIT);
        while (true) {
            try (var probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return;
            } catch (IOException e) {
                if (limit.hasPassed() || !process.isAlive()) {
                    close();
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
