package ai.mailgoat.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class BenchPartsTest {

    @Test
    void theSinkCountsMailsThatCameWholeAlsoPipelinedAndWithDots() throws IOException {
        try (var sink = SocketSink.open(List.of("127.0.0.1"), 0)) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
                socket.setSoTimeout(10_000);
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII));
                say(
                        socket,
                        "EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@b.test>\r\nDATA\r\n");
                read(in, "354");
                // Neither a dot in the line nor a stuffed one is the end.
                say(
                        socket,
                        "Subject: x\r\n\r\na.\r\n..\r\n.b\r\n.\r\nMAIL FROM:<a@a.test>\r\nDATA\r\n");
                read(in, "354");
                assertEquals(1, sink.messages());
                say(socket, ".\r\nDATA\r\nnever whole\r\n");
                read(in, "250 2.0.0 thrown away");
                assertEquals(2, sink.messages());
            }
            assertEquals(2, sink.messages());
        }
    }

    @Test
    void theZonesAnswerWhatWasPublishedAndNothingElse() throws IOException {
        String key = "v=DKIM1; p=" + "A".repeat(400);
        try (var zones =
                Zones.open()
                        .destination("d1.test", "127.0.0.11")
                        .record("s._domainkey.sender.test", "TXT", key, 0)) {
            assertEquals(
                    "10 mx.d1.test.",
                    answer(zones, "d1.test.", Type.MX)
                            .getSection(Section.ANSWER)
                            .getFirst()
                            .rdataToString());
            assertEquals(
                    "127.0.0.11",
                    answer(zones, "MX.d1.test.", Type.A)
                            .getSection(Section.ANSWER)
                            .getFirst()
                            .rdataToString());
            assertEquals(
                    0, answer(zones, "mx.d1.test.", Type.AAAA).getSection(Section.ANSWER).size());
            assertEquals(Rcode.NXDOMAIN, answer(zones, "d2.test.", Type.MX).getRcode());
            var txt =
                    (TXTRecord)
                            answer(zones, "s._domainkey.sender.test.", Type.TXT)
                                    .getSection(Section.ANSWER)
                                    .getFirst();
            assertEquals(key, String.join("", txt.getStrings()));
        }
    }

    @Test
    void theLoadPostsEachMailOnceOverConnectionsThatStayOpen() throws Exception {
        var posts = new AtomicInteger();
        var clients = java.util.concurrent.ConcurrentHashMap.<InetSocketAddress>newKeySet();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext(
                    "/emails",
                    exchange -> {
                        clients.add(exchange.getRemoteAddress());
                        exchange.getRequestBody().readAllBytes();
                        int n = posts.incrementAndGet();
                        byte[] answer = ("{\"id\":\"" + n + "\"}").getBytes(StandardCharsets.UTF_8);
                        // Every other answer in chunks; every tenth a refusal.
                        exchange.sendResponseHeaders(
                                n % 10 == 0 ? 429 : 200, n % 2 == 0 ? 0 : answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    });
            server.start();
            var api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            var result =
                    Load.posts(api, "/emails", "re_x", new String[] {"{}", "{\"a\":1}"}, 4)
                            .run(100);
            assertEquals(100, posts.get());
            assertEquals(4, clients.size());
            assertEquals(10, result.refused());
            assertTrue(String.valueOf(result.firstRefusal()).contains("429"));
            assertTrue(result.perSecond() > 0);
            assertTrue(result.percentileMillis(0.99) >= result.percentileMillis(0.5));
        } finally {
            server.stop(0);
        }
    }

    private static Message answer(Zones zones, String name, int type) throws IOException {
        int port = Integer.parseInt(zones.address().substring(zones.address().indexOf(':') + 1));
        var resolver =
                new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void read(BufferedReader in, String start) throws IOException {
        String line = in.readLine();
        while (line != null && !line.startsWith(start)) {
            line = in.readLine();
        }
        assertTrue(line != null, "the sink closed before " + start);
    }
}
