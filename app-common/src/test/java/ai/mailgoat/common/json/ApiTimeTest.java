package ai.mailgoat.common.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ApiTimeTest {

    @Test
    void storedTimesHaveUpToSixDigitsWithoutTrailingZeros() {
        assertEquals("2023-04-07 23:13:52.669661+00", postgres("2023-04-07T23:13:52.669661Z"));
        assertEquals("2023-04-07 23:13:52.6+00", postgres("2023-04-07T23:13:52.600Z"));
        assertEquals("2023-04-07 23:13:52+00", postgres("2023-04-07T23:13:52Z"));
        assertEquals("2023-04-07 23:13:52.000001+00", postgres("2023-04-07T23:13:52.000001999Z"));
    }

    @Test
    void isoTimesAlwaysHaveMilliseconds() {
        assertEquals(
                "2023-04-07T23:13:52.669Z",
                ApiTime.iso(Instant.parse("2023-04-07T23:13:52.669661Z")));
        assertEquals(
                "2023-04-07T23:13:52.000Z", ApiTime.iso(Instant.parse("2023-04-07T23:13:52Z")));
    }

    private static String postgres(String instant) {
        return ApiTime.postgres(Instant.parse(instant));
    }
}
