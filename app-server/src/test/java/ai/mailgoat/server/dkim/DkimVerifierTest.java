package ai.mailgoat.server.dkim;

import static ai.mailgoat.server.dkim.DkimResult.Status.FAIL;
import static ai.mailgoat.server.dkim.DkimResult.Status.NEUTRAL;
import static ai.mailgoat.server.dkim.DkimResult.Status.PASS;
import static ai.mailgoat.server.dkim.DkimResult.Status.PERMERROR;
import static ai.mailgoat.server.dkim.DkimResult.Status.TEMPERROR;
import static ai.mailgoat.server.dkim.Keys.NOW;
import static ai.mailgoat.server.dkim.Keys.octets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.dkim.DkimResult.Status;
import ai.mailgoat.server.dns.DnsAnswer;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DkimVerifierTest {
    private static final String BODY = "Hello,  Bob \r\n\r\nAnn\r\n\r\n";
    private static final String MESSAGE =
            "From: Ann <ann@example.org>\r\nSubject: One  two\r\n\r\n" + BODY;
    private static final String PLAIN = "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from:subject";

    /// RFC 8463, appendix A.
    private static final String RFC_8463 =
            """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """
                    .replace("\n", "\r\n");

    private final KeyServer dns = Keys.dns();

    @Test
    void theExampleOfRfc8463Passes() {
        dns.add(
                "brisbane._domainkey.football.example.com",
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        dns.add(
                "test._domainkey.football.example.com",
                "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
                        + "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8u"
                        + "BsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT"
                        + "+l/K4w3QIDAQAB");
        assertEquals(List.of(PASS, PASS), statuses(RFC_8463));
        assertEquals(List.of(FAIL, FAIL), statuses(RFC_8463.replace("dinner", "lunch")));
    }

    @Test
    void anUnsignedMessageHasNoResults() {
        assertEquals(List.of(), statuses(MESSAGE));
        assertEquals(List.of(), statuses(""));
        assertEquals(List.of(), statuses("\r\nDKIM-Signature: v=1\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple/simple",
                "simple/relaxed",
                "relaxed/simple",
                "relaxed",
                "simple",
                ""
            })
    void eachCanonicalizationToleratesWhatItShould(String way) throws Unverifiable {
        var signed = sign(PLAIN + (way.isEmpty() ? "" : "; c=" + way), MESSAGE);
        assertEquals(List.of(PASS), statuses(signed), way);
        var header = way.startsWith("relaxed") ? PASS : FAIL;
        assertEquals(List.of(header), statuses(signed.replace("Subject: One", "subject:  One")));
        var body = way.endsWith("/relaxed") ? PASS : FAIL;
        assertEquals(List.of(body), statuses(signed.replace("Hello,  Bob \r", "Hello, Bob\r")));
        assertEquals(List.of(PASS), statuses(signed + "\r\n\r\n"));
        assertEquals(List.of(FAIL), statuses(signed.replace("Bob", "Rob")));
    }

    @Test
    void theResultNamesTheSignature() {
        var results = new DkimVerifier().verify(Keys.signed(octets(MESSAGE)), dns, NOW);
        assertEquals(
                new DkimResult(PASS, Keys.DOMAIN, "ed1", "ed25519-sha256", "", false, false),
                results.get(1));
    }

    @Test
    void aBodyBehindItsSignedLengthIsMarked() throws Unverifiable {
        var signed = sign(PLAIN + "; l=12", MESSAGE);
        var more = only(signed + "<h1>Win!</h1>\r\n");
        assertEquals(PASS, more.status());
        assertTrue(more.partial());
        var whole = only(sign(PLAIN + "; l=" + (BODY.length() - 2), MESSAGE));
        assertEquals(PASS, whole.status());
        assertFalse(whole.partial());
        assertEquals(FAIL, only(sign(PLAIN + "; l=9999", MESSAGE)).status());
        assertEquals(FAIL, only(sign(PLAIN + "; l=" + "9".repeat(76), MESSAGE)).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=2; a=rsa-sha256; d=example.org; s=rsa1; h=from | NEUTRAL",
                "a=rsa-sha256; d=example.org; s=rsa1; h=from | NEUTRAL",
                "v=1; a=rsa-sha1; d=example.org; s=rsa1; h=from | FAIL",
                "v=1; a=rsa-md5; d=example.org; s=rsa1; h=from | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; c=other | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; q=http | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; q=x:dns/txt | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=subject | PERMERROR",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from::to | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from:x-absent:from | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; i=@a.example.org | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; i==40Example=2Eorg | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; i=@org | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; i=@anexample.org | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; t=9; x=8 | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; x=1772366400 | FAIL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; x=1772366401 | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; x=-1 | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; x=999999999999999999999 | PASS",
                "v=1; a=rsa-sha256; d=example.org; s=none; h=from | PERMERROR",
                "v=1; a=rsa-sha256; d=; s=rsa1; h=from | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=ed1; h=from | PERMERROR",
                "v=1; v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from | NEUTRAL",
                "v=1; a=rsa-sha256; d=example.org; s=rsa1; h=from; other=tags ok | PASS",
            })
    void tagsOfTheSignatureAreJudged(String tags, Status status) {
        assertEquals(status, only(signLoosely(tags)).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DKIM1; p=KEY | PASS",
                "p=KEY | PASS",
                "v=DKIM1;; k=rsa ; p=KEY; | PASS",
                "v=DKIM1; k=RSA; h=sha1 : sha256; s=* ; t=y; n=note; p=KEY | PASS",
                "p=KEY; v=DKIM1 | PERMERROR",
                "v=DKIM2; p=KEY | PERMERROR",
                "v=DKIM1; p= | PERMERROR",
                "v=DKIM1; k=rsa | PERMERROR",
                "v=DKIM1; h=sha1; p=KEY | PERMERROR",
                "v=DKIM1; s=tlsrpt; p=KEY | PERMERROR",
                "v=DKIM1; s=tlsrpt:email; p=KEY | PASS",
                "v=DKIM1; k=ed25519; p=KEY | PERMERROR",
                "v=DKIM1; k=dsa; p=KEY | PERMERROR",
                "v=DKIM1; p=%%% | PERMERROR",
                "v=DKIM1; p=AAAA | PERMERROR",
                "v=spf1 -all | PERMERROR",
                "'' | PERMERROR",
            })
    void keyRecordsAreJudged(String text, Status status) throws Unverifiable {
        var key = Keys.RSA_PAIR.recordValue().replaceFirst(".*p=", "");
        dns.add(Keys.RSA.recordName(), text.replace("KEY", key));
        var result = only(sign(PLAIN, MESSAGE));
        assertEquals(status, result.status(), result.reason());
        assertEquals(text.contains("t=y"), result.testing());
    }

    @Test
    void aKeyForTheExactDomainIsNotForSubdomains() throws Unverifiable {
        dns.add(
                Keys.RSA.recordName(),
                Keys.RSA_PAIR.recordValue().replace("v=DKIM1", "v=DKIM1; t=s"));
        assertEquals(PASS, only(sign(PLAIN + "; i=a@example.org", MESSAGE)).status());
        assertEquals(PERMERROR, only(sign(PLAIN + "; i=@a.example.org", MESSAGE)).status());
    }

    @Test
    void theKeyIsFoundBesideOtherTexts() throws Unverifiable {
        dns.add(Keys.RSA.recordName(), "v=spf1 -all", Keys.RSA_PAIR.recordValue());
        assertEquals(PASS, only(sign(PLAIN, MESSAGE)).status());
    }

    @Test
    void aDnsFailureIsTemporary() throws Unverifiable {
        dns.add(Keys.RSA.recordName(), new DnsAnswer.Failed<>("SERVFAIL"));
        assertEquals(TEMPERROR, only(sign(PLAIN, MESSAGE)).status());
        dns.add(Keys.RSA.recordName(), new DnsAnswer.NoData<>());
        assertEquals(PERMERROR, only(sign(PLAIN, MESSAGE)).status());
    }

    @Test
    void shortRsaKeysFailAndBareOnesAreRead() throws Exception {
        for (int bits : new int[] {768, 1024}) {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            var pair = generator.generateKeyPair();
            var key =
                    DkimKeys.load(
                            Keys.DOMAIN,
                            "rsa1",
                            Algorithm.RSA_SHA256,
                            pair.getPrivate().getEncoded(),
                            RsaEngine.JDK);
            var bare =
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                            .parsePublicKey()
                            .getEncoded();
            for (byte[] form : List.of(pair.getPublic().getEncoded(), bare)) {
                dns.add(key.recordName(), "p=" + Base64.getEncoder().encodeToString(form));
                var result = only(sign(PLAIN, MESSAGE, key));
                assertEquals(bits < 1024 ? FAIL : PASS, result.status(), result.reason());
            }
        }
    }

    @Test
    void noMoreThanTenSignaturesAreJudged() throws Unverifiable {
        var signature = sign(PLAIN, MESSAGE).substring(0, sign(PLAIN, MESSAGE).indexOf("From:"));
        var results = statuses(signature.repeat(50) + MESSAGE);
        assertEquals(10, results.size());
        assertEquals(10, dns.asked.size());
    }

    @Test
    void messagesMadeToBeSlowAreJudgedInNoTime() throws Unverifiable {
        var bodies = List.of(" ".repeat(2_000_000) + "x", "\r\n".repeat(1_000_000) + "x");
        for (var body : bodies) {
            var signed = sign(PLAIN + "; c=relaxed/relaxed", "From: a\r\n\r\n" + body);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> assertEquals(List.of(PASS), statuses(signed)));
        }
        var many = PLAIN + ":to".repeat(100_000);
        var header = sign(many, "To: x\r\n".repeat(100_000) + "From: a\r\n\r\n");
        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertEquals(List.of(PASS), statuses(header)));
        var tags = "DKIM-Signature: " + "a=b;".repeat(500_000) + "\r\n";
        var blanks = "DKIM-Signature: v=" + " \t".repeat(1_000_000) + "1;=\r\n";
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertEquals(List.of(NEUTRAL, NEUTRAL), statuses(tags + blanks)));
    }

    @Test
    void noDamageMakesItThrowOrPass() {
        var random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(1);
        byte[] signed = Keys.signed(octets(MESSAGE));
        int end = Keys.text(signed).indexOf("From: Ann");
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = signed.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                damaged[random.nextInt(end)] = (byte) random.nextInt(256);
            }
            assertTrue(new DkimVerifier().verify(damaged, dns, NOW).size() <= 2);
            byte[] body = signed.clone();
            body[end + 5 + random.nextInt(20)] ^= (byte) (1 << random.nextInt(5));
            assertTrue(
                    new DkimVerifier()
                            .verify(body, dns, NOW).stream().allMatch(r -> r.status() != PASS),
                    () -> Keys.text(body));
        }
    }

    @Test
    void publishedKeysAreRecognizedHoweverTheyAreWritten() {
        var ours = Keys.RSA_PAIR.recordValue();
        assertTrue(DkimKeys.publishes(ours, ours));
        assertTrue(DkimKeys.publishes(ours.replace("v=DKIM1; k=rsa; p=", "p= ") + " ;", ours));
        assertFalse(DkimKeys.publishes(Keys.ED_PAIR.recordValue(), ours));
        assertFalse(DkimKeys.publishes("v=DKIM1; p=", ours));
        assertFalse(DkimKeys.publishes("google-site-verification=x", ours));
    }

    /// Puts in front of a message a signature with these tags (`bh=` and `b=` are added).
    private static String sign(String tags, String message) throws Unverifiable {
        return sign(tags, message, Keys.RSA);
    }

    private static String sign(String tags, String message, DkimKey key) throws Unverifiable {
        var blank = "DKIM-Signature: " + tags + "; bh=; b=";
        var parsed = SignatureField.of(blank, SignatureField.tags(blank), false);
        var header = HeaderFields.of(octets(message));
        var body = new CanonicalBytes(Hash.SHA256.digest(), parsed.bodyLength());
        parsed.bodyWay().body(octets(message), header.bodyStart(), message.length(), body);
        var field = blank.replace("bh=;", "bh=" + base64(body.digest()) + ";");
        var ready = SignatureField.of(field, SignatureField.tags(field), false);
        var signature = key.sign(ready.data(header, new HeaderFields.Field("none", 0, 0, 0)));
        return field + base64(signature) + "\r\n" + message;
    }

    /// As [#sign] where the tags are in order, else with anything for a signature.
    private static String signLoosely(String tags) {
        try {
            return sign(tags, MESSAGE);
        } catch (Unverifiable e) {
            return "DKIM-Signature: " + tags + "; bh=AAAA; b=AAAA\r\n" + MESSAGE;
        }
    }

    private static String base64(byte[] data) {
        return Base64.getEncoder().encodeToString(data);
    }

    private DkimResult only(String message) {
        var results = new DkimVerifier().verify(octets(message), dns, NOW);
        assertEquals(1, results.size());
        return results.getFirst();
    }

    private List<Status> statuses(String message) {
        return new DkimVerifier()
                .verify(octets(message), dns, NOW).stream().map(DkimResult::status).toList();
    }
}
