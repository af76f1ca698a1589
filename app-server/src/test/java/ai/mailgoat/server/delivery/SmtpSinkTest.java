package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server written by others: Postfix's test sink.
class SmtpSinkTest extends CourierFixture {

    @TempDir Path folder;

    @BeforeEach
    void needsSmtpSink() {
        Assumptions.assumeTrue(
                SmtpSink.isInstalled(),
                "skipped: " + SmtpSink.PROGRAM + " is missing (apt postfix)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-p", "-p -8 -e", "-8", "-e"})
    void theDumpedBytesAreTheMessage(String options) throws IOException {
        var dump = folder.resolve("mail.");
        var arguments =
                new java.util.ArrayList<>(
                        options.isEmpty() ? List.<String>of() : List.of(options.split(" ")));
        arguments.addAll(List.of("-d", dump.toString()));
        try (var sink = SmtpSink.start(arguments)) {
            var outcome =
                    only(
                            courier.deliver(
                                    site(new Route.Host(10, "mx1.test", sink.port())),
                                    mail(MESSAGE, "a@x.org")));
            assertInstanceOf(Delivered.class, outcome, outcome.toString());
        }
        assertArrayEquals(lf(MESSAGE), dumpedMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "-r, CONNECT, Deferred, banner",
        "-r, MAIL, Deferred, mail",
        "-r, RCPT, Deferred, rcpt",
        "-r, DATA, Deferred, data",
        "-r, ., Deferred, dot",
        "-f, MAIL, Bounced, mail",
        "-f, RCPT, Bounced, rcpt",
        "-f, DATA, Bounced, data",
        "-f, ., Bounced, dot",
        "-q, CONNECT, Deferred, banner",
        "-q, MAIL, Deferred, mail",
        "-q, DATA, Deferred, data",
        "-q, ., InDoubt, dot",
        "-Q, CONNECT, Deferred, banner",
        "-Q, MAIL, Deferred, mail",
        "-Q, DATA, Deferred, data",
        "-Q, ., Deferred, dot"
    })
    void faultsOfTheSinkAreClassed(String option, String verb, String expected, String phase)
            throws IOException {
        try (var sink = SmtpSink.start(List.of("-p", option, verb))) {
            var outcome =
                    only(
                            courier.deliver(
                                    site(new Route.Host(10, "mx1.test", sink.port())),
                                    mail(MESSAGE, "a@x.org")));
            var type =
                    switch (expected) {
                        case "Deferred" -> Deferred.class;
                        case "Bounced" -> Bounced.class;
                        default -> InDoubt.class;
                    };
            assertInstanceOf(type, outcome, outcome.toString());
            assertEquals(phase, outcome.diagnostic().phase());
        }
    }

    /// A dump has the sink's own fields (X-..., Received:) before the message, and LF line ends.
    private byte[] dumpedMessage() throws IOException {
        try (var files = Files.list(folder)) {
            var dumped =
                    Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            int start = dumped.indexOf("From: <sender@example.com>");
            return dumped.substring(start).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static byte[] lf(byte[] message) {
        // The sink ends its dump with an empty line.
        var text = new String(message, StandardCharsets.ISO_8859_1).replace("\r\n", "\n") + "\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
