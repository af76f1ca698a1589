package ai.mailgoat.server.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.mailgoat.server.domain.DomainRecord.DnsType;
import ai.mailgoat.server.domain.DomainRecord.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordCheckTest {
    private static final String KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A";

    private final DnsByHand dns = new DnsByHand();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 a:mx.goat.example ~all",
                "v=spf1 include:_spf.elsewhere.example a:MX.goat.example. -all",
                "V=SPF1  +mx  -all",
                "v=spf1 mx:send.acme.example ?all",
                "v=spf1 a:mx.goat.example/28 -all",
                "v=spf1 include:mx.goat.example -all",
                "v=spf1 ip4:192.0.2.25 -all",
                "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/27 -all",
                "v=spf1 ip6:2001:db8::/32 -all"
            })
    void spfThatPassesOurHostIsAccepted(String text) {
        dns.address("mx.goat.example", "192.0.2.25");
        dns.address("mx.goat.example", "2001:db8::25");
        dns.txt("send.acme.example", text);
        dns.txt("send.acme.example", "unrelated");
        assertEquals(new Verdict.Match(), check(spf()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 -all",
                "v=spf1 -all a:mx.goat.example",
                "v=spf1 -a:mx.goat.example ~all",
                "v=spf1 ~mx -all",
                "v=spf1 a -all",
                "v=spf1 +all",
                "v=spf1 include:elsewhere.example ~all",
                "v=spf1 a:mx.goat.example.evil.example ~all",
                "v=spf1 ip4:192.0.2.26 ip4:192.0.2.0/29 -all",
                "v=spf1 ip4:0.0.0.0/33 ip4:bogus ip4:/ ip4:192.0.2.25/x -all",
                "v=spf1 ip6:::ffff:192.0.2.25 -all",
                "v=spf10 a:mx.goat.example ~all",
                "a:mx.goat.example"
            })
    void spfThatDoesNotIsReportedAsFound(String text) {
        dns.address("mx.goat.example", "192.0.2.25");
        dns.txt("send.acme.example", text);
        assertEquals(new Verdict.Wrong(text), check(spf()));
    }

    @Test
    void twoSpfRecordsAreAnErrorEvenIfOneIsOurs() {
        dns.txt("send.acme.example", "v=spf1 a:mx.goat.example ~all");
        dns.txt("send.acme.example", "v=spf1 -all");
        assertInstanceOf(Verdict.Wrong.class, check(spf()));
    }

    @Test
    void anAddressOfOursThatCannotBeLookedUpDecidesNothing() {
        var spf = new SpfCheck(dns.uncached(), spf());
        dns.failing = true;
        assertInstanceOf(
                Verdict.Unknown.class, spf.check(java.util.List.of("v=spf1 ip4:192.0.2.25 -all")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=DKIM1; k=rsa; p=" + KEY,
                "v=DKIM1;k=rsa;p=" + KEY + ";",
                " p = MIIBIjANBgkq hkiG9w0BAQEF\tAAOCAQ8A ",
                "k=rsa; t=s; n=note; p=" + KEY,
                "v=DKIM1; h=sha1:sha256; s=email; p=" + KEY
            })
    void ourKeyIsRecognisedHoweverItIsWritten(String text) {
        dns.txt("mailgoat._domainkey.acme.example", text);
        dns.txt("mailgoat._domainkey.acme.example", "unrelated");
        assertEquals(new Verdict.Match(), check(dkim()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=DKIM1; k=rsa; p=",
                "v=DKIM1; k=rsa; p=OTHER",
                "v=DKIM2; k=rsa; p=" + KEY,
                "v=DKIM1; k=ed25519; p=" + KEY,
                "v=DKIM1; h=sha1; p=" + KEY,
                "v=DKIM1; s=tlsrpt; p=" + KEY,
                KEY,
                ""
            })
    void anotherKeyIsWrong(String text) {
        dns.txt("mailgoat._domainkey.acme.example", text);
        assertEquals(new Verdict.Wrong(text), check(dkim()));
    }

    @Test
    void aSecondKeyAtTheSameNameIsWrong() {
        dns.txt("mailgoat._domainkey.acme.example", "p=" + KEY);
        dns.txt("mailgoat._domainkey.acme.example", "p=OLD");
        assertEquals(new Verdict.Wrong("p=" + KEY + "\np=OLD"), check(dkim()));
    }

    @Test
    void mxIsOursWhenOurHostIsAmongTheHosts() {
        dns.mx("send.acme.example", 50, "Mx.Goat.Example.");
        dns.mx("send.acme.example", 5, "mx.elsewhere.example");
        assertEquals(new Verdict.Match(), check(mx()));
    }

    @Test
    void aNullMxIsShownAsSuch() {
        dns.mx("send.acme.example", 0, "");
        assertEquals(new Verdict.Wrong("0 ."), check(mx()));
    }

    @Test
    void nothingThereIsMissingAndServfailIsUnknown() {
        assertEquals(new Verdict.Missing(), check(mx()));
        assertEquals(new Verdict.Missing(), check(spf()));
        dns.failing = true;
        assertEquals(new Verdict.Unknown("SERVFAIL"), check(mx()));
        assertEquals(new Verdict.Unknown("SERVFAIL"), check(dkim()));
    }

    @Test
    void whatStrangersPublishIsCutAndMadePrintable() {
        dns.txt("send.acme.example", "a\u0000b\u202ec\n" + "x".repeat(70_000));
        var wrong = assertInstanceOf(Verdict.Wrong.class, check(spf()));
        assertEquals("a?b?c?" + "x".repeat(1_994), wrong.found());
    }

    private Verdict check(DomainRecord wanted) {
        return new RecordCheck(dns.uncached()).check(wanted);
    }

    private static DomainRecord mx() {
        return wanted(Kind.SPF, DnsType.MX, "send.acme.example", "mx.goat.example", 10);
    }

    private static DomainRecord spf() {
        return wanted(
                Kind.SPF, DnsType.TXT, "send.acme.example", "v=spf1 a:mx.goat.example ~all", null);
    }

    private static DomainRecord dkim() {
        return wanted(
                Kind.DKIM,
                DnsType.TXT,
                "mailgoat._domainkey.acme.example",
                "v=DKIM1; k=rsa; p=" + KEY,
                null);
    }

    private static DomainRecord wanted(
            Kind kind, DnsType type, String fqdn, String value, @Nullable Integer priority) {
        return new DomainRecord(
                kind, type, "name", fqdn, value, priority, RecordStatus.PENDING, null, null);
    }
}
