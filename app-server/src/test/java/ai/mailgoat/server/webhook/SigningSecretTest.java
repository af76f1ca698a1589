package ai.mailgoat.server.webhook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SigningSecretTest {

    @Test
    void signsAsThePublishedVectorsDo() throws Exception {
        String corpora = System.getenv("MAILGOAT_CORPORA");
        Assumptions.assumeTrue(corpora != null, "MAILGOAT_CORPORA is not set");
        var file = Path.of(corpora, "webhooks-standard", "vectors.json");
        Assumptions.assumeTrue(Files.exists(file), file + " is missing");
        int checked = 0;
        for (var vector : Json.tree(Files.readAllBytes(file)).get("sign")) {
            var secret = new SigningSecret(key(vector.get("secret").asString()));
            assertEquals(
                    vector.get("signature").asString(),
                    secret.sign(
                            vector.get("id").asString(),
                            vector.get("timestamp").asLong(),
                            vector.get("payload").asString().getBytes(StandardCharsets.UTF_8)));
            checked++;
        }
        assertTrue(checked >= 4, "only " + checked + " vectors");
    }

    @Test
    void theReferenceLibraryAcceptsWhatWeSignAndNothingElse() throws Exception {
        var secret = SigningSecret.random(new Random(1));
        var old = SigningSecret.random(new Random(2));
        String body = "{\"type\":\"email.sent\",\"data\":{\"subject\":\"Grüße 🐐\"}}";
        long now = System.currentTimeMillis() / 1000;
        String both =
                SigningSecret.signatures(
                        List.of(secret, old), "msg_1", now, body.getBytes(StandardCharsets.UTF_8));

        for (var each : List.of(secret, old)) {
            var verifier = new Webhook(each.text());
            assertDoesNotThrow(() -> verifier.verify(body, headers("msg_1", now, both)));
            assertThrows(
                    WebhookVerificationException.class,
                    () -> verifier.verify(body + " ", headers("msg_1", now, both)));
            assertThrows(
                    WebhookVerificationException.class,
                    () -> verifier.verify(body, headers("msg_2", now, both)));
            assertThrows(
                    WebhookVerificationException.class,
                    () -> verifier.verify(body, headers("msg_1", now + 1, both)));
        }
    }

    @Test
    void secretsAreRandomLongAndKeptOutOfLogs() {
        var random = new Random(3);
        var secret = SigningSecret.random(random);

        assertTrue(secret.text().matches("whsec_[A-Za-z0-9+/]{43}="), secret.text());
        assertFalse(secret.text().equals(SigningSecret.random(random).text()));
        assertFalse(secret.toString().contains(secret.text().substring(6)));
    }

    private static HashMap<String, List<String>> headers(String id, long time, String signature) {
        var headers = new HashMap<String, List<String>>();
        headers.put("webhook-id", List.of(id));
        headers.put("webhook-timestamp", List.of(Long.toString(time)));
        headers.put("webhook-signature", List.of(signature));
        return headers;
    }

    private static byte[] key(String secret) {
        return Base64.getDecoder().decode(secret.substring("whsec_".length()));
    }
}
