package ai.mailgoat.common.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.api.SendEmail;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailGoatClientTest {
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private HttpServer server;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked.set(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Idempotency-Key")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    byte[] octets = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, octets.length);
                    exchange.getResponseBody().write(octets);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void namesAreSnakeCaseOnTheWireAndFieldsItDoesNotKnowAreIgnored() {
        answer =
                "{\"object\":\"list\",\"has_more\":true,\"data\":[{\"id\":\"e\",\"from\":\"a\",\"to\":[\"b\"],"
                        + "\"last_event\":\"sent\",\"brand_new\":1}]}";
        try (var client = client()) {
            var page = client.emails(1, "x y");
            assertTrue(page.hasMore());
            assertEquals("sent", page.data().getFirst().lastEvent());
            assertTrue(asked.get().startsWith("GET /emails?limit=1&after=x%20y "), asked.get());
        }
    }

    @Test
    void theIdempotencyKeyIsAHeader() {
        answer = "{\"id\":\"e1\"}";
        try (var client = client()) {
            var email = SendEmail.text("a@example.org", "b@example.org", "s", "t");
            assertEquals("e1", client.send(email, "key-1").id());
            assertTrue(asked.get().startsWith("POST /emails key-1 {"), asked.get());
            assertTrue(asked.get().contains("\"reply_to\":null"), asked.get());
        }
    }

    @Test
    void aRefusalCarriesStatusNameAndMessageOfEitherApi() {
        status = 422;
        answer =
                "{\"statusCode\":422,\"message\":\"Missing `to` field.\",\"name\":\"missing_required_field\"}";
        try (var client = client()) {
            var error = assertThrows(ApiError.class, () -> client.email("x"));
            assertEquals(422, error.status());
            assertEquals("missing_required_field", error.name());
            assertEquals("Missing `to` field.", error.message());
        }
        answer =
                "{\"title\":\"Bad\",\"status\":422,\"detail\":\"no such domain\",\"code\":\"bad_domain\"}";
        try (var admin = new AdminClient(base(), "token")) {
            var error = assertThrows(ApiError.class, admin::queue);
            assertEquals("bad_domain", error.name());
            assertEquals("no such domain", error.message());
        }
    }

    @Test
    void silenceIsAnExceptionOfItsOwn() {
        server.stop(0);
        try (var client = client()) {
            assertThrows(UnreachableException.class, client::domains);
        }
    }

    private MailGoatClient client() {
        return new MailGoatClient(base(), "re_x");
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }
}
