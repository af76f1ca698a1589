package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What keeps the service from starting is told in one line that says what to do, with exit code 1;
/// and how it stops when asked to.
class StartUpTest {
    @Test
    void aDatabaseInUse(@TempDir Path data) throws Exception {
        try (var first = Service.on(data, Map.of())) {
            first.start();
            fails(Service.on(data, Map.of()), "stop that MailGoat first");
        }
    }

    @Test
    void aPortThatIsTaken(@TempDir Path data) throws Exception {
        for (var key : new String[] {"HTTP", "ADMIN"}) {
            try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var service = Service.on(data, Map.of());
                service.set("MAILGOAT_" + key + "__PORT", String.valueOf(other.getLocalPort()));
                fails(service, "set another port");
            }
        }
    }

    @Test
    void aFileWhereTheDataDirectoryShouldBe(@TempDir Path parent) throws Exception {
        var file = Files.createFile(parent.resolve("data"));
        fails(Service.on(file, Map.of()), "give this user a place to write");
    }

    @Test
    void anotherMasterKey(@TempDir Path data) throws Exception {
        var service = Service.on(data, Map.of());
        service.setup("sender.example");
        Files.write(data.resolve("master.key"), new byte[32]);
        fails(service, "put its master.key back in place");
        Files.write(data.resolve("master.key"), new byte[31]);
        fails(service, "must have 32 octets");
    }

    @Test
    void aDatabaseOfANewerVersion(@TempDir Path data) throws Exception {
        var service = Service.on(data, Map.of());
        service.setup("sender.example");
        var url = "jdbc:h2:file:" + data.toAbsolutePath().resolve("mailgoat");
        try (var connection = DriverManager.getConnection(url, "mailgoat", "");
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO "flyway_schema_history" ("installed_rank", "version",
                      "description", "type", "script", "checksum", "installed_by",
                      "execution_time", "success")
                    VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'mailgoat', 1, TRUE)
                    """);
            // The file keeps DB_CLOSE_DELAY=-1: closing the connection alone would not let go of
            // it.
            statement.execute("SHUTDOWN");
        }
        fails(service, "run the newer MailGoat, or restore a backup");
    }

    @Test
    void anUnknownKeyOfTheConfiguration(@TempDir Path data) throws Exception {
        fails(Service.on(data, Map.of("MAILGOAT_HTTP__PROT", "1")), "did you mean");
    }

    @Test
    void sigtermLosesNothing(@TempDir Path data) throws Exception {
        try (var sink = new SmtpSink(false);
                var installation = Installation.start(data, sink.port(), Map.of())) {
            TestZone.receives(installation.dns(), "inbox.example");
            var ids = new ArrayList<String>();
            for (int i = 0; i < 100; i++) {
                ids.add(
                        installation.send(
                                Map.of(
                                        "from", "a@sender.example",
                                        "to", "someone" + i + "@inbox.example",
                                        "subject", "x",
                                        "text", "x")));
            }
            assertEquals(0, installation.service().terminate());
            installation.service().start();
            ids.forEach(id -> installation.awaitEvent(id, "delivered"));
            var arrived =
                    sink.received().stream()
                            .map(m -> m.messageId().replaceFirst("@.*", ""))
                            .collect(Collectors.toSet());
            assertEquals(Set.copyOf(ids), arrived);
            assertEquals(ids.size(), sink.count(), "a stop that was asked for sends none twice");
        }
    }

    // Mail leaves before the start is over.
    @Test
    void sigtermDuringTheStartSendsNoneTwice(@TempDir Path data) throws Exception {
        try (var sink = new SmtpSink(false);
                var installation = Installation.start(data, sink.port(), Map.of())) {
            TestZone.receives(installation.dns(), "inbox.example");
            var due = Instant.now().plusSeconds(10);
            int mails = 300;
            for (int i = 0; i < mails; i++) {
                installation.send(
                        Map.of(
                                "from", "a@sender.example",
                                "to", "someone" + i + "@inbox.example",
                                "subject", "x",
                                "text", "x",
                                "scheduled_at", due.toString()));
            }
            assertEquals(0, installation.service().terminate());
            assertEquals(0, sink.count());
            Service.await("they are due", Duration.ofSeconds(20), () -> Instant.now().isAfter(due));
            installation.service().launch();
            Service.await("a mail", Duration.ofSeconds(20), () -> sink.count() > 0);
            assertEquals(0, installation.service().terminate());
            installation.service().start();
            Service.await("all mails", Duration.ofSeconds(30), () -> sink.count() >= mails);
            Service.await(
                    "the queue drains",
                    Duration.ofSeconds(20),
                    () -> KillTest.entries(installation.service()) == 0);
            assertEquals(mails, sink.count());
        }
    }

    private static void fails(Service service, String advice) throws Exception {
        var ended = service.fail("serve");
        assertEquals(1, ended.exitCode(), ended.errors());
        assertEquals(1, ended.errors().lines().count(), ended.errors());
        assertTrue(ended.errors().contains(advice), ended.errors());
        assertFalse(ended.errors().contains("\tat "), ended.errors());
    }
}
