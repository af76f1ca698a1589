package ai.mailgoat.server.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One grammar for every door: what is an address and, more so, what is none.
class MailboxTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "a@b.example a@b.example",
                "A.User@B.Example A.User@b.example",
                "first.last@sub.domain.example first.last@sub.domain.example",
                "user+tag@b.example user+tag@b.example",
                "!#$%&'*+-/?=^_`{|}~@b.example !#$%&'*+-/?=^_`{|}~@b.example",
                "a%evil@ours.example a%evil@ours.example",
                "evil!a@ours.example evil!a@ours.example",
                "bounce+you=b.example@ours.example bounce+you=b.example@ours.example",
                "-dash-@b.example -dash-@b.example",
                "0@0.example 0@0.example",
                "a@1-2.example a@1-2.example",
                "a@xn--kln-sna.example a@xn--kln-sna.example",
                "a@XN--KLN-SNA.EXAMPLE a@xn--kln-sna.example",
                "a@köln.example a@xn--kln-sna.example",
                "a@KÖLN.example a@xn--kln-sna.example",
                "a@ko\u0308ln.example a@xn--kln-sna.example",
                "a@例子.example a@xn--fsqu00a.example",
                "a@例子\u3002example a@xn--fsqu00a.example",
                "a@b\uff0eexample a@b.example",
                "a@ｂ.example a@b.example",
                "a@xn--strae-oqa.example a@xn--strae-oqa.example",
                "a@डेटामेल.भारत a@xn--c2bd4bq2d9bd.xn--h2brj9c",
                "डेटामेल@b.example डेटामेल@b.example",
                "jörg@b.example jörg@b.example",
                "用户@b.example 用户@b.example",
                "пример@b.example пример@b.example",
                "e\u0301@b.example e\u0301@b.example",
                "\u010a\u010d@b.example \u010a\u010d@b.example",
                "\u560a\u560d@b.example \u560a\u560d@b.example",
                "a@b.c a@b.c",
            })
    void addressesAreRead(String text, String canonical) {
        assertEquals(canonical, Mailbox.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // No address at all.
                "",
                " ",
                "@",
                "a",
                "a@",
                "@b.example",
                "b.example",
                "@@b.example",
                "a@@b.example",
                // Two addresses, or one that others would read as another.
                "a@b.example,c@d.example",
                "a@b.example, c@d.example",
                "a@b.example;c@d.example",
                "a@b.example c@d.example",
                "a@b@c.example",
                "x@evil.example@ours.example",
                // Quoted local parts: half the world reads them differently.
                "\"x@evil.example\"@ours.example",
                "\"a b\"@b.example",
                "\"a\"@b.example",
                "\"a>b\"@b.example",
                "\"\"@b.example",
                "a.\"b\"@b.example",
                "\"a\\\"b\"@b.example",
                "\"a@b.example",
                "a\"@b.example",
                // Encoded-words in an addr-spec.
                "=?utf-8?q?x=40evil=3e?=@ours.example",
                "=?utf-8?q?x?=@ours.example",
                "a=?utf-8?q?x?=@ours.example",
                "=?utf-8?b?eA==?=.a@ours.example",
                "a@=?utf-8?q?b?=",
                "=?x@ours.example",
                // Source routes, brackets, comments, groups, URLs.
                "@r.example:a@b.example",
                "@r.example,@s.example:a@b.example",
                "<a@b.example>",
                "<a@b.example",
                "a@b.example>",
                "a(c)@b.example",
                "(c)a@b.example",
                "a@b.example(c)",
                "a@(c)b.example",
                "g:a@b.example;",
                "mailto:a@b.example",
                "a\\@b.example",
                "a:b@b.example",
                "a[b]@b.example",
                "a,b@b.example",
                "a;b@b.example",
                "a<b@b.example",
                // Address literals and bare numbers.
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
                "a@127.0.0.1",
                "a@2130706433",
                "a@0x7f.1",
                "a@::1",
                "a@[b.example]",
                "a@b.1",
                // Dots where none may be.
                ".a@b.example",
                "a.@b.example",
                "a..b@b.example",
                "..@b.example",
                ".@b.example",
                "a@.b.example",
                "a@b..example",
                "a@b.example.",
                "a@b.example..",
                "a@.",
                "a@..",
                // Domain names that are none.
                "a@localhost",
                "a@example",
                "a@-b.example",
                "a@b-.example",
                "a@b_c.example",
                "a@b!.example",
                "a@b%.example",
                "a@b .example",
                "a@ b.example",
                "a@b/c.example",
                "a@b.example:25",
                "a@b.example/x",
                "a@b.exam*le",
                "a@b.example?x",
                "a@b.example#x",
                // Blanks and what hides in lines.
                " a@b.example",
                "a@b.example ",
                "a b@b.example",
                "a\t@b.example",
                "a@b\t.example",
                "a\r@b.example",
                "a\n@b.example",
                "a\r\n@b.example",
                "a@b.example\r",
                "a@b.example\n",
                "a@b.example\r\nBcc: c@d.example",
                "a@b.exa\nmple",
                "a\0@b.example",
                "a@b.example\0",
                "a\u007f@b.example",
                "a\u0085@b.example",
                "a\u2028@b.example",
                "a@b\u2028.example",
                "a@b.example\u0085",
                "a@b.example>\r\nRCPT TO:<c@d.example",
                // Characters that look like others, or like nothing.
                "a\uff20b.example",
                "a@b\uff20c.example",
                "a\u00a0@b.example",
                "a\u200b@b.example",
                "a\u200d@b.example",
                "a\ufeff@b.example",
                "a\u202e@b.example",
                "a\ufe0f@b.example",
                "a\u034f@b.example",
                "a@b\u00ad.example",
                "a@b\u200b.example",
                "a@b\u200d.example",
                "a@b\u2060.example",
                "a@b\ufe0f.example",
                "a@b\u034f.example",
                "a@b\u202e.example",
                "a@b\u2024example.example",
                "a@b\u2025.example",
                "a@b\u2100.example",
                "a@b\u2044c.example",
                "a@\u2488example.example",
                "a@ⓔxample.example",
                "a@stra\u00dfe.example",
                "a@\u03c3\u03c2.example",
                "a@i\u2764.example",
                "a@\ud83d\udc10.example",
                "\ud83d\udc10@b.example",
                "a\ud83d@b.example",
                "a@b\ud83d.example",
                "\udc10a@b.example",
                "a@\ud800.example",
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(MalformedAddressException.class, () -> Mailbox.parse(text));
    }

    @Test
    void localPartsHave64Octets() {
        assertEquals(64, Mailbox.parse("a".repeat(64) + "@b.example").localPart().length());
        assertEquals(32, Mailbox.parse("ö".repeat(32) + "@b.example").localPart().length());
        refused("a".repeat(65) + "@b.example");
        refused("ö".repeat(33) + "@b.example");
    }

    @Test
    void addressesHave254Octets() {
        String local = "a".repeat(64);
        String domain = "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
        assertEquals(254, Mailbox.parse(local + "@" + domain).toString().length());
        refused(local + "@" + domain + "d");
        refused(local + "@" + "b.".repeat(5_000) + "example");
    }

    @Test
    void localPartsKeepTheirCaseAndFoldForSuppression() {
        Mailbox upper = Mailbox.parse("Ann@B.example");
        Mailbox lower = Mailbox.parse("ann@b.example");
        assertNotEquals(upper, lower);
        assertEquals(upper.folded(), lower.folded());
        assertEquals("ann@b.example", upper.folded());
    }

    @Test
    void onlyLocalPartsNeedSmtpUtf8() {
        assertTrue(Mailbox.parse("jörg@b.example").needsSmtpUtf8());
        assertFalse(Mailbox.parse("jorg@köln.example").needsSmtpUtf8());
    }

    @Test
    void whateverIsReadReadsTheSameAgain() {
        var random = new Random(5);
        String alphabet = "abA0.-@@<>\"\\ ,;:()=?%!\r\n\0öß例\u3002\u200d\u010a\u560d\ud83d\udc10";
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                var mailbox = Mailbox.parse(text + "@a.example");
                assertEquals(mailbox, Mailbox.parse(mailbox.toString()));
                read++;
            } catch (MalformedAddressException e) {
                assertTrue(HeaderText.isSafe(String.valueOf(e.getMessage())));
            }
        }
        assertTrue(read > 1_000, "read " + read);
    }

    private static void refused(String text) {
        assertThrows(MalformedAddressException.class, () -> Mailbox.parse(text));
    }
}
