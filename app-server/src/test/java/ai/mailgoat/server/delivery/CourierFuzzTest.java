package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.FaultMx.Act;
import ai.mailgoat.server.smtp.Mailbox;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Hosts that say anything at any time: whatever it is, each recipient gets one outcome.
class CourierFuzzTest extends CourierFixture {
    private static final String[] VERBS = {
        "CONNECT", "EHLO", "HELO", "MAIL", "RCPT", "DATA", "DOT", "RSET", "QUIT"
    };

    private static final int[] CODES = {
        220, 250, 250, 250, 251, 354, 421, 450, 451, 452, 500, 503, 521, 550, 552, 554
    };

    private final Random random = new Random(20261121);

    @Test
    void eachRecipientHasOneOutcomeAndDeliveredMeansDelivered() {
        for (int round = 0; round < 400; round++) {
            try (var first = anyHost();
                    var second = anyHost()) {
                var recipients =
                        IntStream.range(0, 1 + random.nextInt(4))
                                .mapToObj(i -> "r" + i + "@x.org")
                                .toArray(String[]::new);
                var site = site(first.host(10, "mx1.test"), second.host(20, "mx2.test"));
                for (int mail = 0; mail < 3; mail++) {
                    var consignment = mail(MESSAGE, recipients);
                    var outcomes = courier.deliver(site, consignment);
                    assertEquals(
                            new LinkedHashSet<>(consignment.forwardPaths()), outcomes.keySet());
                    var taken = taken(first, second);
                    outcomes.forEach((mailbox, outcome) ->
                            assertTrue(
                                    !(outcome instanceof Delivered) || taken.contains(mailbox),
                                    () -> mailbox + " " + outcome));
                }
            }
        }
    }

    private static Set<Mailbox> taken(FaultMx... hosts) {
        var taken = new LinkedHashSet<Mailbox>();
        for (FaultMx host : hosts) {
            for (var mail : host.mails()) {
                for (String rcpt : mail.rcpts()) {
                    taken.add(mailbox(rcpt.substring("RCPT TO:<".length(), rcpt.length() - 1)));
                }
            }
        }
        return taken;
    }

    private FaultMx anyHost() {
        var host = new FaultMx();
        if (random.nextBoolean()) {
            host.extensions("8BITMIME");
        }
        for (String verb : VERBS) {
            // Else the default: a host that is wrong everywhere never gets far.
            if (random.nextInt(3) == 0) {
                var acts =
                        IntStream.range(0, 1 + random.nextInt(3))
                                .mapToObj(_ -> anyAct())
                                .toArray(Act[]::new);
                host.on(verb, acts);
            }
        }
        return host;
    }

    private Act anyAct() {
        int code = CODES[random.nextInt(CODES.length)];
        return switch (random.nextInt(10)) {
            case 0 -> FaultMx.hangUp();
            case 1 -> FaultMx.reset();
            case 2 -> FaultMx.sayAndHangUp(code + " bye");
            case 3 -> FaultMx.say(code + "-one", code + " two");
            case 4 -> {
                byte[] junk = new byte[random.nextInt(40)];
                random.nextBytes(junk);
                yield FaultMx.raw(junk).then(FaultMx.hangUp());
            }
            case 5 -> FaultMx.say(code + " " + code / 100 + "." + random.nextInt(8) + ".3 text");
            default -> FaultMx.say(code + " text");
        };
    }
}
