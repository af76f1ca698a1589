package ai.mailgoat.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final String HOSTILE =
            "user \u001b[2J\r\n2026-01-01T00:00:00.000Z ERROR fake \u0085\u2028\u202e\u0000 \"${jndi:ldap://x}\" \\ ü";

    private static LoggingEvent event(String message, Throwable thrown) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var event =
                new LoggingEvent(
                        "x",
                        context.getLogger("ai.mailgoat.server.store.GroupCommit"),
                        Level.WARN,
                        message,
                        thrown,
                        null);
        event.setInstant(Instant.parse("2026-11-21T12:00:00.007Z"));
        event.setThreadName("main");
        return event;
    }

    @Test
    void writesTextOnOneLine() {
        assertEquals(
                "2026-11-21T12:00:00.007Z WARN  [store] user \\u001b[2J\\r\\n2026-01-01T00:00:00.000Z ERROR fake"
                        + " \\u0085\\u2028\\u202e\\u0000 \"${jndi:ldap://x}\" \\ ü",
                LogLine.text(event(HOSTILE, null)));
    }

    @Test
    void writesJsonThatIsJson() {
        String line = LogLine.json(event(HOSTILE, new IllegalStateException("a\nb")));
        assertEquals(1, line.lines().count());
        var tree = Json.tree(line.getBytes(StandardCharsets.UTF_8));
        assertEquals(HOSTILE, tree.get("message").stringValue());
        assertEquals("2026-11-21T12:00:00.007Z", tree.get("time").stringValue());
        assertEquals("WARN", tree.get("level").stringValue());
        assertTrue(
                tree.get("error").stringValue().startsWith("java.lang.IllegalStateException: a"));
    }

    @Test
    void cutsWhatIsTooLong() {
        assertTrue(LogLine.text(event("x".repeat(1_000_000), null)).length() < 5_000);
        var deep = new IllegalStateException("y".repeat(1_000_000));
        assertTrue(LogLine.text(event("z", deep)).length() < 17_000);
    }

    @Test
    void appliesFormAndLevelAndTakesInJavaUtilLogging() {
        var before = System.err;
        var captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            Logging.apply(new Config.Log("json", "warn"));
            LoggerFactory.getLogger("ai.mailgoat.server.x").info("not this");
            LoggerFactory.getLogger("ai.mailgoat.server.x").warn("but this");
            java.util.logging.Logger.getLogger("some.library").warning("and that");
        } finally {
            System.setErr(before);
            Logging.apply(new Config.Log("text", "info"));
        }
        String text = captured.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains("not this"));
        assertEquals(2, text.lines().filter(line -> line.startsWith("{\"time\":\"")).count(), text);
        assertTrue(text.contains("\"message\":\"and that\""), text);
    }
}
