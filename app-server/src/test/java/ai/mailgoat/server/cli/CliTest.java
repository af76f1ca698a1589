package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "emails get",
                "emails nonsense",
                "send --to a@example.org",
                "serve --nonsense",
                "emails list --limit many",
                "migrate --status --up",
                "bench --messages 0"
            })
    void wrongUseIsTwoAndSaysWhatIsWrongOnStandardError(String words) {
        var typed = Typed.of(Map.of(), words.split(" "));
        assertEquals(Exit.USAGE, typed.exitCode(), typed.err());
        assertEquals("", typed.out());
        assertFalse(typed.err().isBlank());
        assertFalse(typed.err().contains("\tat "), typed.err());
    }

    @Test
    void noCommandShowsAllCommands() {
        var typed = Typed.of(Map.of());
        assertEquals(Exit.USAGE, typed.exitCode());
        for (String command : new String[] {"demo", "serve", "setup", "doctor", "bench"}) {
            assertTrue(typed.err().contains("\n  " + command + " "), command);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "emails --help",
                "emails list --help",
                "serve -h",
                "queue status -h"
            })
    void helpIsZeroAndOnStandardOutput(String words) {
        var typed = Typed.of(Map.of(), words.split(" "));
        assertEquals(Exit.OK, typed.exitCode());
        assertTrue(typed.out().startsWith("Usage: mailgoat"), typed.out());
    }

    @Test
    void withoutAKeyItSaysWhereToGetOne() {
        var typed = Typed.of(Map.of(), "emails", "list");
        assertEquals(Exit.AUTH, typed.exitCode());
        assertEquals("missing_api_key", typed.error().path("code").asString());
        assertTrue(typed.error().path("fix").asString().contains("MAILGOAT_API_KEY"));
    }

    @Test
    void nobodyThereIsNine() {
        var env = Map.of("RESEND_API_KEY", "re_x", "RESEND_BASE_URL", "http://127.0.0.1:1");
        var typed = Typed.of(env, "domains", "list");
        assertEquals(Exit.DOWN, typed.exitCode());
        assertEquals("service_down", typed.error().path("code").asString());
    }

    @Test
    void aUrlThatIsNoneIsWrongUse() {
        var typed =
                Typed.of(Map.of("MAILGOAT_API_KEY", "re_x"), "emails", "list", "--url", "nowhere");
        assertEquals(Exit.USAGE, typed.exitCode());
    }

    @Test
    void aConfigurationThatCannotBeReadIsOneLine() {
        var typed = Typed.inTerminal(Map.of(), "serve", "--config", "/nowhere/mailgoat.yaml");
        assertEquals(Exit.GENERAL, typed.exitCode());
        assertEquals(1, typed.err().lines().count(), typed.err());
        assertTrue(typed.err().contains("/nowhere/mailgoat.yaml"), typed.err());
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_parameter, 6",
        "401, missing_api_key, 4",
        "401, restricted_api_key, 4",
        "403, invalid_api_key, 4",
        "403, validation_error, 5",
        "404, not_found, 3",
        "409, concurrent_idempotent_requests, 7",
        "422, validation_error, 6",
        "429, rate_limit_exceeded, 8",
        "500, internal_server_error, 1",
        "503, unavailable, 9"
    })
    void eachRefusalHasItsExitCode(int status, String name, int exitCode) {
        assertEquals(exitCode, Failure.exitCode(status, name));
    }
}
