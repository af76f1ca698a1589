package ai.mailgoat.server.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
    private static final String FIREFOX =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String HOME = "84.112.9.9";
    private static final UUID MAIL = new UUID(0, 1);
    private static final Instant SENT = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant LATER = SENT.plusSeconds(600);

    @Test
    void aBrowserAtHomeIsAPersons() {
        assertEquals(Verdict.human("person"), judge(hit(Kind.OPENED, LATER, HOME, FIREFOX), SENT));
        assertEquals(Verdict.human("person"), judge(hit(Kind.CLICKED, LATER, HOME, FIREFOX), SENT));
        assertEquals(
                Verdict.human("person"),
                judge(
                        hit(Kind.OPENED, LATER, HOME, "Mozilla/5.0 (Linux; Android 9; CUBOT)"),
                        SENT));
        assertEquals(
                Verdict.human("person"),
                judge(hit(Kind.CLICKED, LATER, "2001:db8::7", FIREFOX), SENT));
    }

    @Test
    void headAndWhatComesAheadIsAMachines() {
        var head = new Hit(MAIL, Kind.CLICKED, "https://x", LATER, true, false, HOME, FIREFOX);
        assertEquals(Verdict.machine("head"), judge(head, SENT));
        var ahead = new Hit(MAIL, Kind.CLICKED, "https://x", LATER, false, true, HOME, FIREFOX);
        assertEquals(Verdict.machine("prefetch"), judge(ahead, SENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no_user_agent | ''
                    apple_proxy | Mozilla/5.0
                    scanner | curl/8.5.0
                    scanner | Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
                    scanner | python-requests/2.31.0
                    scanner | Barracuda Sentinel (EE)
                    scanner | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36
                    scanner | Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)
                    gmail_prefetch | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0
                    """)
    void machinesAreKnownByWhatTheySay(String reason, String agent) {
        assertEquals(Verdict.machine(reason), judge(hit(Kind.OPENED, LATER, HOME, agent), SENT));
    }

    @Test
    void aProxyThatLoadsWhenTheMailIsShownStandsForAPerson() {
        String gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) (via ggpht.com GoogleImageProxy)";
        assertEquals(
                Verdict.human("gmail_proxy"),
                judge(hit(Kind.OPENED, LATER, "66.249.84.1", gmail), SENT));
        assertEquals(
                Verdict.machine("too_fast"),
                judge(hit(Kind.OPENED, SENT.plusSeconds(1), "66.249.84.1", gmail), SENT));
        assertEquals(
                Verdict.human("yahoo_proxy"),
                judge(
                        hit(
                                Kind.OPENED,
                                LATER,
                                "3.1.1.1",
                                "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy"),
                        SENT));
    }

    @Test
    void nobodyReadsBeforeTheMailIsThere() {
        var delivered = SENT.plusSeconds(100);
        assertEquals(
                Verdict.machine("too_fast"),
                judge(hit(Kind.CLICKED, SENT.plusSeconds(102), HOME, FIREFOX), delivered));
        assertEquals(
                Verdict.human("person"),
                judge(hit(Kind.OPENED, SENT.plusSeconds(102), HOME, FIREFOX), delivered));
        assertEquals(
                Verdict.machine("before_delivery"),
                judge(hit(Kind.OPENED, LATER, HOME, FIREFOX), null));
        assertEquals(
                Verdict.human("person"),
                judge(hit(Kind.OPENED, SENT.plusSeconds(7200), HOME, FIREFOX), null));
    }

    @Test
    void peopleDoNotSitInDatacentres() {
        assertTrue(Datacentres.contain("52.17.1.2"));
        assertTrue(Datacentres.contain("35.191.255.255"));
        assertTrue(Datacentres.contain("95.216.0.0"));
        assertFalse(Datacentres.contain("95.218.0.0"));
        assertFalse(Datacentres.contain("0.0.0.0"));
        assertFalse(Datacentres.contain("255.255.255.255"));
        assertFalse(Datacentres.contain("2001:db8::7"));
        assertFalse(Datacentres.contain("nowhere"));
        assertEquals(
                Verdict.machine("datacentre"),
                judge(hit(Kind.CLICKED, LATER, "52.17.1.2", FIREFOX), SENT));
    }

    @Test
    void threeLinksWithinSecondsAreABurst() {
        var earlier = List.of(clicked("https://a", -4), clicked("https://b", -2));
        assertEquals(
                Verdict.machine("burst"), Judge.judge(click("https://c"), SENT, SENT, earlier));
        assertEquals(Verdict.human("person"), Judge.judge(click("https://b"), SENT, SENT, earlier));
        assertEquals(
                Verdict.human("person"),
                Judge.judge(
                        click("https://c"),
                        SENT,
                        SENT,
                        List.of(clicked("https://a", -6), clicked("https://b", -2))));
    }

    private static Verdict judge(Hit hit, Instant deliveredAt) {
        return Judge.judge(hit, SENT, deliveredAt, List.of());
    }

    private static Hit hit(Kind kind, Instant at, String ip, String agent) {
        return new Hit(MAIL, kind, null, at, false, false, ip, agent);
    }

    private static Hit click(String url) {
        return new Hit(MAIL, Kind.CLICKED, url, LATER, false, false, HOME, FIREFOX);
    }

    private static Engagement clicked(String url, int seconds) {
        return new Engagement(
                new UUID(0, seconds),
                new TeamId(new UUID(0, 9)),
                MAIL,
                null,
                Kind.CLICKED,
                url,
                LATER.plusSeconds(seconds),
                HOME,
                FIREFOX,
                Verdict.human("person"));
    }
}
