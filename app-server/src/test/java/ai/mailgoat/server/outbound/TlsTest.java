package ai.mailgoat.server.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), 1000, Overflow.CUT);
    private static final char[] PASSWORD = "password".toCharArray();

    private static KeyStore keys;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        var file = directory.resolve("keys.p12");
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD),
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=hook.example",
                                "-ext",
                                "san=dns:hook.example,ip:127.0.0.1")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
    }

    @Test
    void acceptsATrustedCertificateThatNamesTheHost() throws Exception {
        try (var server = server();
                var http = new GuardedHttp(dns(), List.of("127.0.0.0/8"), trusting())) {
            for (String host : List.of("hook.example", "127.0.0.1")) {
                var reply = http.get(uri(host, server), LIMITS);

                assertEquals(200, reply.status());
                assertEquals("hello", new String(reply.body(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void refusesATrustedCertificateForAnotherHost() throws Exception {
        try (var server = server();
                var http = new GuardedHttp(dns(), List.of("127.0.0.0/8"), trusting())) {
            assertNotSecure(http, uri("other.example", server));
            assertEquals(List.of(), requests(server));
        }
    }

    @Test
    void refusesACertificateNobodySigned() throws Exception {
        try (var server = server();
                var http = GuardedHttp.open(dns(), List.of("127.0.0.0/8"))) {
            assertNotSecure(http, uri("hook.example", server));
            assertEquals(List.of(), requests(server));
        }
    }

    @Test
    void refusesAHostThatSpeaksNoTls() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n");
                var http = new GuardedHttp(dns(), List.of("127.0.0.0/8"), trusting())) {
            assertThrows(
                    OutboundException.class, () -> http.get(uri("hook.example", server), LIMITS));
        }
    }

    private static void assertNotSecure(GuardedHttp http, URI uri) {
        var e = assertThrows(OutboundException.class, () -> http.get(uri, LIMITS));
        assertTrue(e.reason().startsWith("No secure connection"), e.reason());
    }

    private static List<String> requests(RawServer server) {
        return server.heads.stream().filter(head -> head.startsWith("GET")).toList();
    }

    private static URI uri(String host, RawServer server) {
        return URI.create("https://" + host + ":" + server.port() + "/");
    }

    private static StubDns dns() {
        return new StubDns()
                .answer("hook.example", "127.0.0.1")
                .answer("other.example", "127.0.0.1");
    }

    private static RawServer server() throws Exception {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        var socket =
                context.getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        return new RawServer(
                socket,
                out ->
                        out.write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
                                        .getBytes(StandardCharsets.US_ASCII)));
    }

    private static SSLContext trusting() throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
