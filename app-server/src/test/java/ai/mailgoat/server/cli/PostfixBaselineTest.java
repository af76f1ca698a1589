package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PostfixBaselineTest {

    @Test
    void itsLineIsRead() {
        var figures =
                PostfixBaseline.parse(
                        "postfix=3.7.11 dkim=yes messages=1000 status=0 accepted_per_s=421 delivered_per_s=418"
                                + " cpu_ms_per_mail=3.25 peak_mb=136\n");
        assertEquals(421, figures.acceptedPerSecond());
        assertEquals(418.0, figures.deliveredPerSecond());
        assertEquals(3.25, figures.cpuMillisPerMail());
        assertEquals(136.0, figures.peakMegabytes());
    }

    @Test
    void noFiguresAreAFailure() {
        assertThrows(Failure.class, () -> PostfixBaseline.parse("something else"));
    }
}
