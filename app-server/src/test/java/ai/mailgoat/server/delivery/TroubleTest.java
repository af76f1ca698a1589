package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.smtp.SmtpReply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Replies of real hosts and what they mean.
class TroubleTest {
    private static final Session.Peer PEER = new Session.Peer("mx.test", "192.0.2.1", 25, null);

    private static SmtpReply reply(String text) {
        return SmtpReply.of(Integer.parseInt(text.substring(0, 3)), text.substring(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.1.1 The email account that you tried to reach does not exist.|true",
                "550 5.1.1 <a@x.org>: Recipient address rejected: User unknown in virtual mailbox"
                        + " table|true",
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address"
                        + " lookup|true",
                "550 5.4.1 Recipient address rejected: Access denied.|true",
                "550 5.2.1 The email account that you tried to reach is disabled.|true",
                "550 Requested action not taken: mailbox unavailable|true",
                "550 No such user here|true",
                "553 sorry, that domain isn't in my list of allowed rcpthosts|true",
                "550 #5.1.0 Address rejected.|true",
                "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com)"
                        + " [0]|false",
                "551 User not local; please try <b@y.org>|true",
                "550 5.1.8 Sender address rejected: Domain not found|false",
                "550 5.7.1 Client host blocked using Spamhaus|false",
                "550 5.7.26 Unauthenticated email from x.org is not accepted|false",
                "550 5.7.515 Access denied, sending domain x.org does not meet the required"
                        + " authentication level|false",
                "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent (S3150).|false",
                "552 5.2.2 The recipient's inbox is out of storage space|false",
                "550 5.2.1 The user you are trying to contact is receiving mail at a rate that"
                        + " prevents additional messages from being delivered|false",
                "550 5.3.4 message too big|false",
                "554 5.6.0 bad content|false",
                "550 Blocked by our spam policy|false",
                "550 relay not permitted|false",
                "554 5.7.1 Relay access denied|false",
                "550 5.0.0 User unknown|true",
                "503 need MAIL|false"
            })
    void theRecipientIsAtFaultOnlyIfItsMailboxIs(String text, boolean atFault) {
        var bounced = assertInstanceOf(Bounced.class, Trouble.recipientRefused(PEER, reply(text)));
        assertEquals(atFault, bounced.recipientAtFault());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "450 4.2.0 Recipient address rejected: Greylisted|false",
                "451 4.7.1 Greylisting in action, please come back later|false",
                "450 4.2.1 The user you are trying to contact is receiving mail too quickly|false",
                "452 4.2.2 mailbox full|false",
                "451 4.7.500 Server busy. Please try again later from [192.0.2.1].|true",
                "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to"
                        + " IP reputation|true",
                "450 4.7.1 Error: too many connections from 192.0.2.1|true",
                "421 4.7.28 Our system has detected an unusual rate of unsolicited mail|true"
            })
    void aTransientReplySlowsTheSiteOnlyIfItIsAboutUs(String text, boolean siteWide) {
        var rcpt = assertInstanceOf(Deferred.class, Trouble.recipientRefused(PEER, reply(text)));
        assertEquals(siteWide, rcpt.siteWide());
        var dot =
                assertInstanceOf(
                        Deferred.class, Trouble.messageRefused(PEER, Phase.DOT, reply(text)));
        assertEquals(siteWide, dot.siteWide());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "452 4.5.3 Error: too many recipients|true",
                "452 too many recipients|true",
                "452 Too many recipients received this hour|true",
                "552 too many recipients|true",
                "451 4.5.3 slow down|true",
                "452 4.3.1 Insufficient system storage|false",
                "452 4.2.2 mailbox full|false",
                "450 4.2.0 greylisted|false",
                "550 5.1.1 no such user|false"
            })
    void tooManyRecipientsIsNotAboutTheRecipient(String text, boolean tooMany) {
        assertEquals(tooMany, Trouble.isTooManyRecipients(reply(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.1.1 no such user|host mx.test[192.0.2.1] said: 550 5.1.1 no such user (in"
                        + " reply to RCPT)"
            })
    void theReasonIsASentenceForPeople(String text, String reason) {
        assertEquals(reason, Trouble.recipientRefused(PEER, reply(text)).diagnostic().reason());
    }
}
