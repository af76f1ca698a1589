package ai.mailgoat.server.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "TO",
                "cc",
                "Bcc",
                "Subject",
                "reply-to",
                "Date",
                "Message-ID",
                "message-Id",
                "MIME-Version",
                "Content-Type",
                "content-anything",
                "DKIM-Signature",
                "Received",
                "Return-Path",
                "Sender",
                "Resent-From",
                "ARC-Seal",
                "Delivered-To",
                "Authentication-Results"
            })
    void fieldsOfTheServerAreRefusedWithAReason(String name) {
        assertTrue(HeaderField.refusal(name).orElseThrow().startsWith(name));
        var refused =
                assertThrows(MalformedMessageException.class, () -> new HeaderField(name, "x"));
        assertEquals(HeaderField.refusal(name).orElseThrow(), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "In-Reply-To", "References", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id",
                "X-Entity-Ref-ID", "Precedence", "Auto-Submitted", "Importance",
                        "X-!#$%&'*+-./^_`|~",
                "Feedback-ID"
            })
    void otherFieldsAreTheAuthors(String name) {
        assertTrue(HeaderField.refusal(name).isEmpty());
        assertEquals("x", new HeaderField(name, "x").value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "X Y",
                "X:",
                "X:Y",
                "X\t",
                "X\r\nY",
                "Xü",
                "X\u010aY",
                "X\0",
                "X\u007f"
            })
    void namesThatAreNoneAreRefused(String name) {
        assertThrows(MalformedMessageException.class, () -> new HeaderField(name, "x"));
    }

    @Test
    void namesHave76CharactersAtMost() {
        assertEquals("", new HeaderField("X".repeat(76), "").value());
        assertThrows(MalformedMessageException.class, () -> new HeaderField("X".repeat(77), ""));
    }

    @Test
    void valuesThatCannotBeFoldedAreRefused() {
        assertEquals(900, new HeaderField("X-A", "x".repeat(900)).value().length());
        for (String value :
                List.of("x".repeat(901), "a " + "x".repeat(901), "a" + " ".repeat(900) + "b")) {
            assertThrows(MalformedMessageException.class, () -> new HeaderField("X-A", value));
        }
        assertThrows(
                MalformedMessageException.class, () -> new HeaderField("X-A", "x ".repeat(4_200)));
    }

    @Test
    void longWordsBeyondAsciiAreFineBecauseTheyAreEncoded() {
        assertEquals(4_000, new HeaderField("X-A", "ü".repeat(4_000)).value().length());
    }

    @Test
    void urlsAndMessageIdsAreAscii() {
        for (String name : List.of("List-Unsubscribe", "references", "In-Reply-To")) {
            assertThrows(
                    MalformedMessageException.class,
                    () -> new HeaderField(name, "<https://x.example/ü>"));
        }
    }

    @Test
    void blanksAroundAValueDoNotCount() {
        assertEquals("a  b", new HeaderField("X-A", "  a  b ").value());
    }

    @Test
    void threadingFieldsStandOnce() {
        var draft = new Draft();
        draft.headers =
                List.of(
                        new HeaderField("References", "<a@b>"),
                        new HeaderField("references", "<c@d>"));
        assertThrows(MalformedMessageException.class, draft::message);
    }

    @Test
    void allFieldsTogetherHave64Kilobytes() {
        var draft = new Draft();
        draft.headers = Collections.nCopies(9, new HeaderField("X-A", "word ".repeat(1_600)));
        assertThrows(MalformedMessageException.class, draft::message);
        draft.headers = draft.headers.subList(0, 8);
        assertEquals(8, draft.message().headers().size());
    }
}
