package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.server.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupAndMigrateTest {

    private static final class Recorded implements Service {
        private final List<SetupRequest> requests = new ArrayList<>();

        @Override
        public Running start(Config config) {
            throw Failure.general("not in this test", null);
        }

        @Override
        public SetupResult setup(Config config, SetupRequest request) {
            requests.add(request);
            return new SetupResult(request.adminEmail(), "re_made", null);
        }
    }

    @Test
    void setupGoesToTheStoreWhenNoServiceRuns(@TempDir Path dir) throws IOException {
        Path password = Files.writeString(dir.resolve("password"), "schlüssel\nsecond line\n");
        var service = new Recorded();
        var typed =
                Typed.of(
                        data(dir),
                        service,
                        false,
                        "setup",
                        "--admin-email=a@example.org",
                        "--admin-password-file=" + password,
                        "--domain=example.org");
        assertEquals(Exit.OK, typed.exitCode(), typed.err());
        assertEquals("re_made", typed.json().path("api_key").asString());
        var request = service.requests.getFirst();
        assertArrayEquals("schlüssel".toCharArray(), request.adminPassword());
        assertEquals("example.org", request.domain());
        assertFalse(request.toString().contains("schl"));
    }

    @Test
    void setupGoesToTheServiceThatRunsOnTheSameData(@TempDir Path dir) throws IOException {
        try (var admin = StandIn.answering(200, "{\"admin\":null,\"api_key\":\"re_theirs\"}")) {
            Files.writeString(dir.resolve("admin.token"), "token\n");
            new ServiceFile("http://127.0.0.1:1", admin.url(), 1).write(dir);
            var service = new Recorded();
            var typed = Typed.of(data(dir), service, false, "setup");
            assertEquals("re_theirs", typed.json().path("api_key").asString(), typed.err());
            assertEquals(List.of(), service.requests);
        }
    }

    @Test
    void whatACrashedServiceLeftBehindIsNoService(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("admin.token"), "token\n");
        new ServiceFile("http://127.0.0.1:1", "http://127.0.0.1:1", 1).write(dir);
        var service = new Recorded();
        assertEquals(Exit.OK, Typed.of(data(dir), service, false, "setup").exitCode());
        assertEquals(1, service.requests.size());
    }

    @Test
    void anEmptyPasswordIsRefusedAndNoneIsNone(@TempDir Path dir) throws IOException {
        Path empty = Files.writeString(dir.resolve("empty"), "\n");
        assertThrows(Failure.class, () -> SetupCommand.password(empty.toString()));
        assertThrows(Failure.class, () -> SetupCommand.password("/nowhere/password"));
        assertNull(SetupCommand.password(null));
    }

    @Test
    void migrateTellsTheSchemaAndBringsItUp(@TempDir Path dir) {
        var before = Typed.of(data(dir), "migrate", "--status").json();
        assertEquals(0, before.path("schema").asInt());
        assertFalse(before.path("up_to_date").asBoolean());
        var after = Typed.of(data(dir), "migrate", "--up").json();
        assertTrue(after.path("up_to_date").asBoolean(), after.toString());
        assertEquals(after.path("newest"), after.path("schema"));
    }

    private static Map<String, String> data(Path dir) {
        return Map.of("MAILGOAT_DATA__DIR", dir.toString());
    }
}
