package ai.mailgoat.server.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.simplejavamail.utils.mail.dkim.Canonicalization;
import org.simplejavamail.utils.mail.dkim.DkimMessage;

/// java-utils-mail-dkim as the reference: for the same message, list of fields and signature field
/// we must come to the same `bh=` and, as PKCS #1 v1.5 signatures have no randomness, the same
/// `b=`.
class ReferenceTest {
    private static final String MESSAGE =
            """
            From: Ann <ann@example.org>
            To: bob@example.net,
             carol@example.net
            Subject: One  two
            \tthree
            Date: Sun, 1 Mar 2026 12:00:00 +0000
            Message-ID: <1@example.org>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit

            Hello,  Bob \t

            %s

            """;

    @Test
    void theSameFieldsGiveTheSameBodyHashAndSignature() throws Exception {
        var random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(6376);
        for (int i = 0; i < 50; i++) {
            var noise = new StringBuilder();
            for (int n = random.nextInt(200); n > 0; n--) {
                noise.append(" \t\nabc.".charAt(random.nextInt(7)));
            }
            compare(MESSAGE.formatted(noise).replace("\n", "\r\n"));
        }
    }

    private static void compare(String message) throws Exception {
        byte[] signed = signedByReference(Keys.octets(message));
        var header = HeaderFields.of(signed);
        var field = header.fields().getFirst();
        assertEquals("dkim-signature", field.name());
        var text = Keys.text(signed).substring(field.from(), field.to());
        var theirs = SignatureField.of(text, SignatureField.tags(text), false);

        assertEquals(
                Base64.getEncoder().encodeToString(theirs.bodyHash()),
                DkimSigner.bodyHash(signed, header),
                message);
        byte[] data = theirs.data(header, field);
        assertEquals(
                Base64.getEncoder().encodeToString(theirs.signature()),
                Base64.getEncoder().encodeToString(Keys.RSA.sign(data)),
                message);
        assertEquals(
                List.of(DkimResult.Status.PASS),
                new DkimVerifier()
                        .verify(signed, Keys.dns(), Keys.NOW).stream()
                                .map(DkimResult::status)
                                .toList());
        var ours = DkimSigner.OVERSIGNED.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
        assertTrue(ours.containsAll(theirs.names()), theirs.names().toString());
    }

    private static byte[] signedByReference(byte[] message) throws Exception {
        var key =
                KeyFactory.getInstance("RSA")
                        .generatePrivate(new PKCS8EncodedKeySpec(Keys.RSA_PAIR.privateKey()));
        var signer =
                new org.simplejavamail.utils.mail.dkim.DkimSigner(
                        Keys.DOMAIN.ascii(), Keys.RSA.selector(), (RSAPrivateKey) key);
        signer.setHeaderCanonicalization(Canonicalization.RELAXED);
        signer.setBodyCanonicalization(Canonicalization.RELAXED);
        signer.setLengthParam(false);
        signer.setCheckDomainKey(false);
        var mime =
                new MimeMessage(
                        Session.getInstance(new Properties()), new ByteArrayInputStream(message));
        var out = new ByteArrayOutputStream();
        new DkimMessage(mime, signer).writeTo(out);
        return out.toByteArray();
    }
}
