package ai.mailgoat.server.email;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.server.http.ApiException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTimeTest {
    /// A Saturday.
    private static final Instant NOW = Instant.parse("2026-11-21T10:30:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2026-11-22T09:00:00Z            | 2026-11-22T09:00:00Z
                    2026-11-22T09:00:00.123456Z     | 2026-11-22T09:00:00.123456Z
                    2026-11-22T09:00:00+02:00       | 2026-11-22T07:00:00Z
                    2026-11-22 09:00:00.5+00        | 2026-11-22T09:00:00.5Z
                    2026-11-22T09:00:00             | 2026-11-22T09:00:00Z
                    2026-11-25                      | 2026-11-25T00:00:00Z
                    in 1 min                        | 2026-11-21T10:31:00Z
                    in 30 seconds                   | 2026-11-21T10:30:30Z
                    In 1 Hour                       | 2026-11-21T11:30:00Z
                    in an hour                      | 2026-11-21T11:30:00Z
                    in 3 days                       | 2026-11-24T10:30:00Z
                    in 30 days                      | 2026-12-21T10:30:00Z
                    in 2 weeks                      | 2026-12-05T10:30:00Z
                    tomorrow at 9am                 | 2026-11-22T09:00:00Z
                    today at 5:45 pm                | 2026-11-21T17:45:00Z
                    tonight                         | 2026-11-21T20:00:00Z
                    tomorrow                        | 2026-11-22T09:00:00Z
                    tomorrow at noon                | 2026-11-22T12:00:00Z
                    tomorrow at 12am                | 2026-11-22T00:00:00Z
                    Friday at 3pm ET                | 2026-11-27T20:00:00Z
                    next monday at 14:30            | 2026-11-23T14:30:00Z
                    saturday at 9am                 | 2026-11-28T09:00:00Z
                    saturday at 11am                | 2026-11-21T11:00:00Z
                    next day at 9am PST             | 2026-11-22T17:00:00Z
                    tomorrow at 9am Europe/Berlin   | 2026-11-22T08:00:00Z
                    """)
    void readsWhatTheApiDocuments(String text, Instant expected) {
        assertEquals(expected, ScheduleTime.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "in some days",
                "tomorrow at 25:00",
                "tomorrow at 13pm",
                "2026-13-01T00:00:00Z",
                "at 9am XYZ",
                "in 31 days",
                "2027-11-21T10:30:00Z",
                "2026-11-20T10:30:00Z",
                "in 99999 weeks",
                "tomorrow at 9am Nowhere"
            })
    void refusesWhatIsNoTimeOrTooFarOrPast(String text) {
        var refusal = assertThrows(ApiException.class, () -> ScheduleTime.parse(text, NOW));
        assertEquals(422, refusal.status());
        assertEquals("validation_error", refusal.name());
    }
}
