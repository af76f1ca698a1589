package ai.mailgoat.server.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes through the `from` and `to` of the API.
class NamedMailboxTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Ann <a@b.example>|Ann",
                "Ann<a@b.example>|Ann",
                "Ann Bee <a@b.example>|Ann Bee",
                "Ann  Bee   <a@b.example>|Ann  Bee",
                "\"Bee, Ann\" <a@b.example>|Bee, Ann",
                "\"Ann\"<a@b.example>|Ann",
                "\"Ann \\\"A\\\" Bee\" <a@b.example>|Ann \"A\" Bee",
                "\"back\\\\slash\" <a@b.example>|back\\slash",
                "\"<x@y.example>\" <a@b.example>|<x@y.example>",
                "\"x@y.example, z\" <a@b.example>|x@y.example, z",
                "Ann \"A\" Bee <a@b.example>|Ann A Bee",
                "Acme, Inc. <a@b.example>|Acme, Inc.",
                "Acme (Support) <a@b.example>|Acme (Support)",
                "a@b.example <a@b.example>|a@b.example",
                "O'Brien <a@b.example>|O'Brien",
                "Jürgen <a@b.example>|Jürgen",
                "🐐 Goat <a@b.example>|🐐 Goat",
                "שלום <a@b.example>|שלום",
                "=?utf-8?Q?J=C3=BCrgen?= <a@b.example>|=?utf-8?Q?J=C3=BCrgen?=",
                "\u010a\u010d \u560a\u560d <a@b.example>|\u010a\u010d \u560a\u560d",
                "a\\b <a@b.example>|a\\b",
            })
    void namesAreRead(String text, String name) {
        var mailbox = NamedMailbox.parse(text);
        assertEquals(name, mailbox.displayName());
        assertEquals("a@b.example", mailbox.mailbox().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.example",
                " a@b.example ",
                "<a@b.example>",
                " <a@b.example> ",
                "\"\" <a@b.example>",
                "\" \" <a@b.example>",
                "\u3000a@b.example"
            })
    void namesMayBeMissing(String text) {
        var mailbox = NamedMailbox.parse(text);
        assertNull(mailbox.displayName());
        assertEquals("a@b.example", mailbox.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Ann",
                "<>",
                "Ann <>",
                "<",
                ">",
                "a@b.example>",
                "Ann <a@b.example",
                "Ann a@b.example",
                "<<a@b.example>>",
                "<a@b.example>>",
                "< a@b.example >",
                "Ann <a@b.example> Bee",
                "Ann <a@b.example>.",
                "Ann <a@b.example>,",
                "Ann <a@b.example> (work)",
                "(work) a@b.example",
                "a@b.example (work)",
                // Lists and groups.
                "a@b.example, c@d.example",
                "a@b.example, Bee <c@d.example>",
                "a@b.example; <c@d.example>",
                "Ann <a@b.example>, Bee <c@d.example>",
                "Ann <a@b.example> <c@d.example>",
                "\"A\" <a@b.example> \"B\" <c@d.example>",
                "\"A\" <a@b.example>, \"B\" <c@d.example>",
                "friends: Ann <a@b.example>;",
                "friends: a@b.example, c@d.example;",
                "a@b.example,<c@d.example>",
                // Quotes that do not end.
                "\"Ann <a@b.example>",
                "Ann\" <a@b.example>",
                "\"Ann\\\" <a@b.example>",
                "\"Ann\" \" <a@b.example>",
                // Routes, literals, quoted local parts.
                "Ann <@r.example:a@b.example>",
                "Ann <a@[127.0.0.1]>",
                "Ann <\"a\"@b.example>",
                "Ann <\"a> <b\"@b.example>",
                "Ann <=?utf-8?q?a?=@b.example>",
                "Ann <a@b.example\\>",
                // Line ends and what hides in lines, wherever they are.
                "a@b.example\r\n",
                "\r\na@b.example",
                "Ann\r <a@b.example>",
                "Ann\n <a@b.example>",
                "Ann\r\n <a@b.example>",
                "\"Ann\r\nBcc: c@d.example\" <a@b.example>",
                "Ann <a@b.example>\n",
                "\nAnn <a@b.example>",
                "Ann\t<a@b.example>",
                "Ann\0 <a@b.example>",
                "Ann\u0085 <a@b.example>",
                "Ann\u2028 <a@b.example>",
                "Ann\u2029 <a@b.example>",
                "\u2028Ann <a@b.example>",
                "Ann\u001b[2J <a@b.example>",
                "Ann\ud83d <a@b.example>",
                "\udc10 <a@b.example>",
                "\"Ann\\\r\" <a@b.example>",
                "\"Ann\\\n\" <a@b.example>"
            })
    void whatIsNotOneAddressIsRefused(String text) {
        assertThrows(MalformedAddressException.class, () -> NamedMailbox.parse(text));
    }

    @Test
    void namesHave256Characters() {
        assertEquals(
                "x".repeat(256),
                NamedMailbox.parse("x".repeat(256) + " <a@b.example>").displayName());
        assertThrows(
                MalformedAddressException.class,
                () -> NamedMailbox.parse("x".repeat(257) + " <a@b.example>"));
    }

    @Test
    void theConstructorRefusesLineEndsEvenAtTheEnds() {
        var mailbox = Mailbox.parse("a@b.example");
        for (String name : new String[] {"\n", "Ann\r\n", "\nAnn", "\u2028Ann", "Ann\u0085"}) {
            assertThrows(
                    MalformedAddressException.class, () -> new NamedMailbox(name, mailbox), name);
        }
        assertEquals("Ann", new NamedMailbox(" Ann ", mailbox).displayName());
        assertNull(new NamedMailbox("  ", mailbox).displayName());
    }

    @Test
    void whatIsWrittenReadsTheSameAgain() {
        var random = new Random(11);
        String alphabet = "abc   ..,;:@<>()[]\"\\\\=?'ö例\u010a\u200f";
        var mailbox = Mailbox.parse("a@b.example");
        for (int i = 0; i < 50_000; i++) {
            var name = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            var named = new NamedMailbox(name.toString(), mailbox);
            assertEquals(named, NamedMailbox.parse(named.toString()));
        }
        assertTrue(new NamedMailbox("Bee, Ann", mailbox).toString().startsWith("\"Bee, Ann\" <"));
    }
}
