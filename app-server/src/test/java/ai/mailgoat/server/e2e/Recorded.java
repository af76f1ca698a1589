package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.RecordingProxy.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Holds what a client was answered to the documents there are.
final class Recorded {
    private static final System.Logger LOG = System.getLogger(Recorded.class.getName());

    private Recorded() {}

    /// @param whole whether the client drove everything there is: then each operation of a document
    ///   must have been seen, and each known difference too
    static void fits(Installation installation, List<Exchange> exchanges, boolean whole)
            throws Exception {
        assertFalse(exchanges.isEmpty(), "nothing was recorded");
        var resend = ResponseSchemas.resend();
        if (resend.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no resend-openapi.yaml beside MAILGOAT_CORPORA:"
                            + " the answers were not held to Resend's document");
        } else {
            check("Resend's document", resend.get(), exchanges, whole);
            if (whole) {
                assertEquals("", String.join("\n", resend.get().outdated()), "differences no more");
            }
        }
        var own = installation.service().get(installation.key(), "/openapi.json");
        if (own.statusCode() == 200) {
            var document = Json.tree(own.body().getBytes(StandardCharsets.UTF_8));
            check("our document", ResponseSchemas.of(document), exchanges, false);
        }
    }

    private static void check(
            String name, ResponseSchemas schemas, List<Exchange> exchanges, boolean whole) {
        var faults = schemas.faults(exchanges);
        assertEquals("", String.join("\n", faults), "answers that do not fit " + name);
        if (whole) {
            assertEquals("", String.join("\n", schemas.unseen()), "never driven, of " + name);
        }
    }
}
