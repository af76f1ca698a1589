package ai.mailgoat.server.requestlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoggedBodyTest {

    @Test
    void secretsAndContentsAreTakenOut() {
        assertEquals("{\"id\":1,\"token\":\"(taken out)\"}", kept("{\"id\":1,\"token\":\"re_x\"}"));
        assertEquals(
                "{\"a\":[{\"signing_secret\":\"(taken out)\"}],\"password\":\"(taken out)\"}",
                kept("{\"a\":[{\"signing_secret\":\"whsec_x\"}],\"password\":{\"p\":\"x\"}}"));
        assertEquals(
                "{\"attachments\":[{\"filename\":\"a\",\"content\":\"(4 characters)\"},"
                        + "{\"content\":\"(3 octets)\"},{\"content\":\"(2 octets)\"},{\"content\":null}]}",
                kept(
                        "{\"attachments\":[{\"filename\":\"a\",\"content\":\"aGk=\"},{\"content\":[1,2,3]},"
                                + "{\"content\":{\"type\":\"Buffer\",\"data\":[1,2]}},{\"content\":null}]}"));
    }

    @Test
    void whatIsNoObjectIsWrapped() {
        assertEquals("{\"items\":[{\"to\":\"a\"}]}", kept("[{\"to\":\"a\"}]"));
        assertEquals("{\"items\":7}", kept("7"));
    }

    @Test
    void whatIsNoJsonIsNotKept() {
        for (String body : List.of("", "{", "hello", "{\"a\":1} x", "\u0000")) {
            assertNull(LoggedBody.of(body.getBytes(StandardCharsets.UTF_8)), body);
        }
    }

    @Test
    void everythingFitsAndStaysJson() {
        String wide = "\"" + "\\u0000😀".repeat(3_000) + "\"";
        var bodies =
                List.of(
                        "{\"html\":" + wide + "}",
                        "[" + (wide + ",").repeat(50) + "1]",
                        "{\"headers\":{" + manyFields(5_000) + "}}",
                        "[" + "[1,2,3],".repeat(100_000) + "1]",
                        "[".repeat(60) + wide + "]".repeat(60));
        for (String body : bodies) {
            byte[] kept = LoggedBody.of(body.getBytes(StandardCharsets.UTF_8));
            assertTrue(kept != null && kept.length <= LoggedBody.MAX);
            assertTrue(Json.tree(kept).isObject());
        }
    }

    @Test
    void longStringsSayHowLongTheyWere() {
        var tree = Json.tree(keptOctets("{\"html\":\"" + "x".repeat(5_000) + "\"}"));
        String html = tree.get("html").stringValue();
        assertEquals("x".repeat(1_000) + "… (5000 characters)", html);
    }

    private static String manyFields(int count) {
        var fields = new StringBuilder("\"f\":1");
        for (int i = 0; i < count; i++) {
            fields.append(",\"field").append(i).append("\":\"some value of a field\"");
        }
        return fields.toString();
    }

    private static String kept(String body) {
        return new String(keptOctets(body), StandardCharsets.UTF_8);
    }

    private static byte[] keptOctets(String body) {
        return java.util.Objects.requireNonNull(
                LoggedBody.of(body.getBytes(StandardCharsets.UTF_8)));
    }
}
