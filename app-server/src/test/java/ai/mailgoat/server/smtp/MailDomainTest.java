package ai.mailgoat.server.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MailDomainTest {

    @Test
    void spellingsOfOneDomainAreEqual() {
        var domain = MailDomain.parse("xn--bcher-kva.example");
        assertEquals(domain, MailDomain.parse("bücher.example"));
        assertEquals(domain, MailDomain.parse("BÜCHER.Example"));
        assertEquals(domain, MailDomain.parse("bu\u0308cher\u3002example"));
        assertEquals("bücher.example", domain.unicode());
        assertEquals("xn--bcher-kva.example", domain.toString());
    }

    @Test
    void aNameIsWithinItselfAndItsParents() {
        var name = MailDomain.parse("a.b.example");
        assertTrue(name.isWithin(name));
        assertTrue(name.isWithin(MailDomain.parse("b.example")));
        assertFalse(name.isWithin(MailDomain.parse("xb.example")));
        assertFalse(MailDomain.parse("ab.example").isWithin(MailDomain.parse("b.example")));
        assertFalse(MailDomain.parse("b.example").isWithin(name));
    }

    @Test
    void namesHave253CharactersInLabelsOf63() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "b".repeat(61);
        assertEquals(253, MailDomain.parse(longest).ascii().length());
        refused(longest + "b");
        refused("a".repeat(64) + ".example");
        refused("ü".repeat(60) + ".example");
        refused("ü".repeat(1_000_000) + ".example");
    }

    @Test
    void theConstructorTakesCanonicalNamesOnly() {
        for (String name : new String[] {"B.example", "bücher.example", "b.example.", "b", ""}) {
            assertThrows(MalformedAddressException.class, () -> new MailDomain(name));
        }
    }

    @Test
    void namesSortByTheirAsciiForm() {
        assertTrue(MailDomain.parse("a.example").compareTo(MailDomain.parse("b.example")) < 0);
    }

    @Test
    void anyTextIsReadOrRefusedAndNothingElse() {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                text.appendCodePoint(
                        switch (random.nextInt(4)) {
                            case 0 -> "ab-.".charAt(random.nextInt(4));
                            case 1 -> random.nextInt(0x600);
                            case 2 -> random.nextInt(0x10000);
                            default -> random.nextInt(0x110000);
                        });
            }
            try {
                var domain = MailDomain.parse(text + ".example");
                assertTrue(domain.ascii().matches("[a-z0-9.-]+"), domain.ascii());
                assertEquals(domain, MailDomain.parse(domain.ascii()));
            } catch (MalformedAddressException e) {
                assertTrue(HeaderText.isSafe(String.valueOf(e.getMessage())));
            }
        }
    }

    private static void refused(String text) {
        assertThrows(MalformedAddressException.class, () -> MailDomain.parse(text));
    }
}
