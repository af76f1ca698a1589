package ai.mailgoat.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A loopback server that says exactly what a test wants, right or wrong. Records the head of each
/// request.
final class RawServer implements AutoCloseable {

    interface Conversation {
        void answer(OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Conversation conversation;
    final List<String> heads = new CopyOnWriteArrayList<>();

    RawServer(Conversation conversation) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), conversation);
    }

    RawServer(ServerSocket server, Conversation conversation) {
        this.server = server;
        this.conversation = conversation;
        Thread.ofVirtual().start(this::accept);
    }

    static RawServer saying(String answer) throws IOException {
        return new RawServer(out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    int port() {
        return server.getLocalPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            heads.add(head(socket.getInputStream()));
            conversation.answer(socket.getOutputStream());
        } catch (IOException e) {
            heads.add("lost: " + e.getMessage());
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            head.append((char) octet);
        }
        return head.toString();
    }
}
