package ai.mailgoat.common.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2023-04-07T23:13:52.669661Z, 2023-04-07 23:13:52.669661+00",
        "2023-04-07T23:13:52.669661999Z, 2023-04-07 23:13:52.669661+00",
        "2023-04-07T23:13:52.600Z, 2023-04-07 23:13:52.6+00",
        "2023-04-07T23:13:52Z, 2023-04-07 23:13:52+00",
        "2023-04-07T00:00:00.000001Z, 2023-04-07 00:00:00.000001+00",
    })
    void writesStoredTimesAsPostgresDoes(String time, String expected) {
        assertEquals(expected, ApiTime.postgres(Instant.parse(time)));
    }

    @Test
    void writesIsoTimesWithMillisecondsAlways() {
        assertEquals(
                "2024-11-22T23:41:12.126Z",
                ApiTime.iso(Instant.parse("2024-11-22T23:41:12.126894Z")));
        assertEquals(
                "2024-11-22T23:41:00.000Z", ApiTime.iso(Instant.parse("2024-11-22T23:41:00Z")));
    }
}
