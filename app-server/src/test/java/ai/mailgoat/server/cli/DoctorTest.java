package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorTest {

    @Test
    void aMachineWithNothingWrongPasses(@TempDir Path dir) {
        var typed = Typed.of(env(dir, 0), "doctor", "--offline", "--json");
        assertEquals(Exit.OK, typed.exitCode(), typed.out());
        for (String name : new String[] {"java", "config", "data.dir", "database", "http.port"}) {
            assertEquals("pass", check(typed.json(), name).path("status").asString(), name);
        }
        var service = check(typed.json(), "service");
        assertEquals("warn", service.path("status").asString());
        assertTrue(service.path("fix").asString().contains("mailgoat serve"));
        assertFalse(Files.exists(dir.resolve("data")), "looking must not make anything");
    }

    @Test
    void aPortThatIsTakenFailsWithAFix(@TempDir Path dir) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var typed = Typed.of(env(dir, taken.getLocalPort()), "doctor", "--offline");
            assertEquals(Exit.GENERAL, typed.exitCode());
            assertEquals("fail", typed.json().path("status").asString());
            var port = check(typed.json(), "http.port");
            assertEquals("fail", port.path("status").asString());
            assertTrue(port.path("fix").asString().contains("http.port"), port.toString());
        }
    }

    @Test
    void aBadConfigurationIsACheckThatFailed(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("bad.yaml"), "htpp:\n  port: 1\n");
        var typed = Typed.of(env(dir, 0), "doctor", "--offline", "--config", file.toString());
        assertEquals(Exit.GENERAL, typed.exitCode());
        var config = check(typed.json(), "config");
        assertEquals("fail", config.path("status").asString());
        assertTrue(config.path("detail").asString().contains("htpp"), config.toString());
    }

    @Test
    void peopleGetOneLineForEachCheck(@TempDir Path dir) {
        var typed = Typed.inTerminal(env(dir, 0), "doctor", "--offline");
        assertTrue(typed.out().lines().anyMatch(line -> line.startsWith("pass  java ")));
        assertTrue(typed.out().lines().anyMatch(line -> line.startsWith("warn  service ")));
    }

    private static Map<String, String> env(Path dir, int port) {
        return Map.of(
                "MAILGOAT_DATA__DIR",
                dir.resolve("data").toString(),
                "MAILGOAT_HTTP__PORT",
                Integer.toString(port),
                "MAILGOAT_ADMIN__PORT",
                "0");
    }

    private static JsonNode check(JsonNode report, String name) {
        return report.path("checks")
                .valueStream()
                .filter(check -> name.equals(check.path("name").asString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check " + name + " in " + report));
    }
}
