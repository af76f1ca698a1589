package ai.mailgoat.server.delivery;

import static ai.mailgoat.server.delivery.FaultMx.say;
import static ai.mailgoat.server.delivery.FaultMx.sayAndHangUp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The dialogue with one host that answers as hosts do, kindly or not.
class CourierTest extends CourierFixture {
    private final FaultMx mx = new FaultMx();

    @AfterEach
    void closeMx() {
        mx.close();
    }

    private void offer(boolean pipelining) {
        if (!pipelining) {
            mx.extensions("8BITMIME", "SIZE");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deliversTheVeryBytes(boolean pipelining) {
        offer(pipelining);
        var outcome = deliver(mx, mail(MESSAGE, "a@example.org")).get(mailbox("a@example.org"));
        var delivered = assertInstanceOf(Delivered.class, outcome);
        assertEquals("mx1.test", delivered.diagnostic().mxHost());
        assertEquals("127.0.0.1", delivered.diagnostic().address());
        assertEquals("dot", delivered.diagnostic().phase());
        var taken = mx.mails().getFirst();
        assertArrayEquals(MESSAGE, taken.octets());
        assertEquals("MAIL FROM:<sender@example.com> SIZE=" + MESSAGE.length, taken.mail());
        assertEquals(List.of("RCPT TO:<a@example.org>"), taken.rcpts());
        assertEquals("EHLO client.test", mx.commands().getFirst());
    }

    @Test
    void pipelinesTheEnvelopeInOneWrite() {
        var recipients = IntStream.range(0, 50).mapToObj(i -> "r" + i + "@example.org").toList();
        deliver(mx, mail(MESSAGE, recipients.toArray(String[]::new)));
        assertEquals(1, mx.mails().size());
        // EHLO, the envelope, the message; a packet boundary may split one of them.
        assertTrue(mx.reads() <= 6, "reads: " + mx.reads());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachRecipientHasItsOwnOutcome(boolean pipelining) {
        offer(pipelining);
        mx.on(
                "RCPT",
                say("250 ok"),
                say("550 5.1.1 no such user"),
                say("450 4.2.0 greylisted"),
                say("250 ok"),
                say("552 5.2.2 mailbox full"));
        var outcomes =
                deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x.org"));
        assertInstanceOf(Delivered.class, outcomes.get(mailbox("a@x.org")));
        var unknown = assertInstanceOf(Bounced.class, outcomes.get(mailbox("b@x.org")));
        assertTrue(unknown.recipientAtFault());
        assertEquals("rcpt", unknown.diagnostic().phase());
        var grey = assertInstanceOf(Deferred.class, outcomes.get(mailbox("c@x.org")));
        assertTrue(!grey.siteWide());
        assertInstanceOf(Delivered.class, outcomes.get(mailbox("d@x.org")));
        var full = assertInstanceOf(Bounced.class, outcomes.get(mailbox("e@x.org")));
        assertTrue(!full.recipientAtFault());
        assertEquals(1, mx.mails().size());
    }

    @ParameterizedTest
    @CsvSource({"354 go on, true", "554 5.5.1 no valid recipients, true", "354 x, false"})
    void noMessageIsSentWhenNoRecipientIsTaken(String toData, boolean pipelining) {
        offer(pipelining);
        mx.on("RCPT", say("550 5.1.1 no such user"), say("550 5.1.1 nor this one"), say("250 ok"));
        mx.on("DATA", say(toData), say("354 go on"));
        if (pipelining && toData.startsWith("354")) {
            mx.on("DOT", say("554 5.5.1 no recipients"), say("250 ok"));
        }
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org"));
        assertEquals(2, outcomes.values().stream().filter(Bounced.class::isInstance).count());
        assertTrue(mx.mails().stream().allMatch(mail -> mail.octets().length == 0));

        // The session is in step: the next mail goes over it.
        var next = deliver(mx, mail(MESSAGE, "c@x.org"));
        assertInstanceOf(Delivered.class, next.get(mailbox("c@x.org")));
        assertEquals(1, mx.connections());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recipientsOverTheHostsLimitGoInFurtherTransactions(boolean pipelining) {
        offer(pipelining);
        var script = new ArrayList<FaultMx.Act>();
        for (int recipients : new int[] {7, 4, 1}) {
            for (int i = 0; i < recipients; i++) {
                script.add(say(i < 3 ? "250 ok" : "452 4.5.3 Too many recipients"));
            }
        }
        mx.on("RCPT", script.toArray(FaultMx.Act[]::new));
        var recipients = IntStream.range(0, 7).mapToObj(i -> "r" + i + "@x.org").toList();
        var outcomes = deliver(mx, mail(MESSAGE, recipients.toArray(String[]::new)));
        assertEquals(7, outcomes.size());
        assertTrue(outcomes.values().stream().allMatch(Delivered.class::isInstance));
        assertEquals(3, mx.mails().size());
        assertEquals(1, mx.connections());
    }

    @Test
    void recipientsOverTheLimitAreDeferredIfTheMessageIsRefused() {
        mx.on("RCPT", say("250 ok"), say("552 5.5.3 Too many recipients"));
        mx.on("DOT", say("554 5.7.1 spam"));
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org"));
        assertInstanceOf(Bounced.class, outcomes.get(mailbox("a@x.org")));
        assertInstanceOf(Deferred.class, outcomes.get(mailbox("b@x.org")));
    }

    @Test
    void aHostThatTakesNoRecipientForLackOfRoomDefersThemAll() {
        mx.on("RCPT", say("452 4.5.3 Too many recipients"));
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org"));
        assertEquals(2, outcomes.values().stream().filter(Deferred.class::isInstance).count());
        assertEquals(1, mx.count("MAIL"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedSenderBouncesAllAndLeavesTheSessionInStep(boolean pipelining) {
        offer(pipelining);
        mx.on("MAIL", say("550 5.7.1 sender refused"), say("250 ok"));
        mx.on("RCPT", say("503 need MAIL"), say("503 need MAIL"), say("250 ok"));
        mx.on("DATA", say("503 need MAIL"), say("354 ok"));
        if (!pipelining) {
            mx.on("RCPT", say("250 ok")).on("DATA", say("354 ok"));
        }
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org"));
        for (var outcome : outcomes.values()) {
            var bounced = assertInstanceOf(Bounced.class, outcome);
            assertEquals("mail", bounced.diagnostic().phase());
            assertTrue(!bounced.recipientAtFault());
        }
        var next = deliver(mx, mail(MESSAGE, "c@x.org"));
        assertInstanceOf(Delivered.class, next.get(mailbox("c@x.org")));
    }

    @ParameterizedTest
    @CsvSource({
        "DATA, 451 4.3.0 later, Deferred",
        "DATA, 554 5.7.1 no, Bounced",
        "DOT, 451 4.7.1 greylisted, Deferred",
        "DOT, 554 5.7.1 spam, Bounced"
    })
    void whatIsSaidToTheMessageHoldsForAllRecipients(String verb, String reply, String outcome) {
        mx.on(verb, say(reply), say(verb.equals("DATA") ? "354 go on" : "250 ok"));
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "b@x.org"));
        assertEquals(2, outcomes.size());
        for (var each : outcomes.values()) {
            assertEquals(outcome, each.getClass().getSimpleName());
            assertEquals(reply, String.valueOf(each.diagnostic().reply()));
        }
        var next = deliver(mx, mail(MESSAGE, "c@x.org"));
        assertInstanceOf(Delivered.class, next.get(mailbox("c@x.org")));
        assertEquals(1, mx.connections());
    }

    @Test
    void connectionsAreReusedUpToTheirLimit() {
        for (int i = 0; i < 25; i++) {
            var outcomes = deliver(mx, mail(MESSAGE, "a" + i + "@x.org"));
            assertInstanceOf(Delivered.class, outcomes.values().iterator().next());
        }
        // 10 mails on each, see the fixture.
        assertEquals(3, mx.connections());
        assertEquals(2, mx.count("QUIT"));
        assertEquals(0, mx.count("RSET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang up", "421", "reset", "550"})
    void aKeptConnectionThatIsDeadIsReplacedQuietly(String how) {
        var act =
                switch (how) {
                    case "hang up" -> FaultMx.hangUp();
                    case "reset" -> FaultMx.reset();
                    case "421" -> sayAndHangUp("421 4.4.2 idle for too long");
                    default -> say("550 too many mails in this session");
                };
        mx.on("MAIL", say("250 ok"), act, say("250 ok"));
        deliver(mx, mail(MESSAGE, "a@x.org"));
        var outcomes = deliver(mx, mail(MESSAGE, "b@x.org"));
        assertInstanceOf(Delivered.class, outcomes.get(mailbox("b@x.org")));
        assertEquals(2, mx.connections());
        assertEquals(2, mx.mails().size());
    }

    @Test
    void noReplyToTheFinalDotIsDoubt() {
        mx.on("DOT", FaultMx.hangUp());
        var outcome = deliver(mx, mail(MESSAGE, "a@x.org")).get(mailbox("a@x.org"));
        var doubt = assertInstanceOf(InDoubt.class, outcome);
        assertEquals("dot", doubt.diagnostic().phase());
        assertEquals("mx1.test", doubt.diagnostic().mxHost());
        assertEquals(1, mx.mails().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "a\r\n.\n", "a\n", "a\r", "\r\r\n"})
    void aMessageWithABareCrOrLfNeverLeaves(String message) {
        var outcome = deliver(mx, mail(bytes(message), "a@x.org")).get(mailbox("a@x.org"));
        var bounced = assertInstanceOf(Bounced.class, outcome);
        assertEquals("5.6.0", bounced.diagnostic().enhanced().orElseThrow().toString());
        assertEquals(0, mx.connections());
    }

    @Test
    void aMessageOverTheAnnouncedSizeIsNotSent() {
        mx.extensions("SIZE 50", "PIPELINING");
        var outcome = deliver(mx, mail(MESSAGE, "a@x.org")).get(mailbox("a@x.org"));
        var bounced = assertInstanceOf(Bounced.class, outcome);
        assertEquals("5.3.4", bounced.diagnostic().enhanced().orElseThrow().toString());
        assertEquals(0, mx.count("MAIL"));
    }

    @Test
    void eightBitNeedsTheExtension() {
        mx.extensions("PIPELINING");
        var message = bytes("Subject: x\r\n\r\ncaf\u00e9\r\n");
        var consignment =
                new Consignment(
                        null,
                        List.of(mailbox("a@x.org")),
                        message,
                        true,
                        false,
                        Consignment.TlsPolicy.OPPORTUNISTIC);
        var refused = assertInstanceOf(Bounced.class, only(deliver(mx, consignment)));
        assertEquals("5.6.3", refused.diagnostic().enhanced().orElseThrow().toString());

        try (var modern = new FaultMx()) {
            assertInstanceOf(Delivered.class, only(deliver(modern, consignment)));
            var taken = modern.mails().getFirst();
            assertEquals("MAIL FROM:<> SIZE=" + message.length + " BODY=8BITMIME", taken.mail());
            assertArrayEquals(message, taken.octets());
        }
    }

    @Test
    void utf8MailboxesNeedTheExtensionAndHarmNobodyElse() {
        mx.extensions("PIPELINING");
        var outcomes = deliver(mx, mail(MESSAGE, "a@x.org", "j\u00fcrgen@x.org"));
        assertInstanceOf(Delivered.class, outcomes.get(mailbox("a@x.org")));
        var refused = assertInstanceOf(Bounced.class, outcomes.get(mailbox("j\u00fcrgen@x.org")));
        assertEquals("5.6.7", refused.diagnostic().enhanced().orElseThrow().toString());

        try (var modern = new FaultMx()) {
            var taken = deliver(modern, mail(MESSAGE, "j\u00fcrgen@x.org"));
            assertInstanceOf(Delivered.class, only(taken));
            assertTrue(modern.mails().getFirst().mail().endsWith(" SMTPUTF8"));
        }
    }

    @Test
    void ehloIsFollowedByHeloWhereItIsUnknown() {
        mx.on("EHLO", say("502 5.5.1 unknown command"));
        assertInstanceOf(Delivered.class, only(deliver(mx, mail(MESSAGE, "a@x.org"))));
        assertEquals("HELO client.test", mx.commands().get(1));
        assertEquals("MAIL FROM:<sender@example.com>", mx.mails().getFirst().mail());
    }
}
