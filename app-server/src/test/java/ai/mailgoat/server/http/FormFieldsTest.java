package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormFieldsTest {
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=x";

    @Test
    void bothKindsOfFormAreRead() {
        var expected = Map.of("a", List.of("1 + 1", "\u00fc"), "b c", List.of(""));
        assertEquals(expected, fields("a=1+%2B+1&b+c=&a=%C3%BC", URL_ENCODED));
        assertEquals(expected, fields("a=1+%2B+1&b+c&a=\u00fc", URL_ENCODED + "; charset=UTF-8"));
        assertEquals(
                expected,
                fields(
                        part("a", "1 + 1") + part("b c", "") + part("a", "\u00fc") + "--x--",
                        MULTIPART));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "application/json", "text/plain", "multipart/mixed; boundary=x", ";"})
    void otherBodiesHaveNoFields(String type) {
        assertEquals(Map.of(), fields("a=1", type));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=%|application/x-www-form-urlencoded|400",
                "a=%zz|application/x-www-form-urlencoded|400",
                "a=%ff|application/x-www-form-urlencoded|400",
                "a=%00|application/x-www-form-urlencoded|400",
                "a=1|multipart/form-data|422"
            })
    void whatIsMalformedIsRefused(String body, String type, int status) {
        var refused = assertThrows(ApiException.class, () -> fields(body, type));
        assertEquals(status, refused.status());
    }

    @Test
    void aPartNeedsANameAndAnEnd() {
        for (String body : List.of("--x\r\n\r\n1\r\n--x--", part("a", "1").stripTrailing())) {
            var refused = assertThrows(ApiException.class, () -> fields(body, MULTIPART));
            assertEquals(422, refused.status());
        }
    }

    @Test
    void aFormHasBounds() {
        String many = part("a", "1").repeat(51) + "--x--";
        assertThrows(ApiException.class, () -> fields(many, MULTIPART));
        String large = part("a", "1".repeat(65 * 1024)) + "--x--";
        assertThrows(ApiException.class, () -> fields(large, MULTIPART));
        assertEquals(1, fields("a=1&".repeat(100_000), URL_ENCODED).size());
    }

    private static String part(String name, String value) {
        return "--x\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    private static Map<String, List<String>> fields(String body, String type) {
        return Form.fields(body.getBytes(StandardCharsets.UTF_8), type);
    }
}
