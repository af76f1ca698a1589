package ai.mailgoat.server.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.dns.Dns.MxRecord;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(30)
class ResolversTest {
    private static final MailDomain DOMAIN = new MailDomain("example.test");

    private final TestDnsServer server = new TestDnsServer();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Resolvers dns = resolvers(server.address());

    /// For those who wait in vain.
    private final Resolvers hasty =
            new Resolvers(List.of(server.address()), Duration.ofMillis(200), () -> now);

    @AfterEach
    void close() {
        server.close();
    }

    private Resolvers resolvers(InetSocketAddress... addresses) {
        return new Resolvers(Arrays.asList(addresses), Duration.ofSeconds(2), () -> now);
    }

    @Test
    void mxRecordsComeInLowerCaseWithoutTrailingDot() {
        server.add("example.test", Type.MX, 60, "20 B.example.test.", "10 a.example.test.");
        assertEquals(
                found(new MxRecord(10, "a.example.test"), new MxRecord(20, "b.example.test")),
                dns.mx(DOMAIN));
    }

    @Test
    void aNullMxHasAnEmptyHost() {
        server.add("example.test", Type.MX, 60, "0 .");
        assertEquals(found(new MxRecord(0, "")), dns.mx(DOMAIN));
    }

    @Test
    void aDomainWithAddressesOnlyHasNoMxData() throws Exception {
        server.add("example.test", Type.A, 60, "192.0.2.1");
        assertEquals(new DnsAnswer.NoData<MxRecord>(), dns.mx(DOMAIN));
        assertEquals(found(InetAddress.getByName("192.0.2.1")), dns.addresses("example.test"));
    }

    @Test
    void noSuchNameIsToldFromNoData() {
        server.add("www.example.test", Type.A, 60, "192.0.2.1");
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.mx(new MailDomain("gone.test")));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.addresses("gone.test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.txt("gone.test"));
        // An empty non-terminal (RFC 8020) exists.
        assertEquals(new DnsAnswer.NoData<>(), dns.txt("example.test"));
    }

    @Test
    void whatCannotBeANameDoesNotExist() {
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.txt("a..test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.txt(""));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.txt("x".repeat(64) + ".test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.addresses("bücher.test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.addresses("a b.test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.addresses("\\999.test"));
    }

    @Test
    void anErrorCodeIsAFailureThatNamesIt() {
        server.fail("example.test", Rcode.SERVFAIL);
        server.fail("refused.test", Rcode.REFUSED);
        assertTrue(failure(dns.mx(DOMAIN)).contains("SERVFAIL"));
        assertTrue(failure(dns.txt("refused.test")).contains("REFUSED"));
        assertEquals(2, server.queries("example.test", Type.MX));
    }

    @Test
    void aReferralIsNoAnswer() {
        server.referral("example.test");
        assertTrue(failure(dns.mx(DOMAIN)).contains("referral"));
    }

    @Test
    void silenceIsAFailureAfterTwoTries() {
        server.drop("example.test");
        assertTrue(failure(hasty.mx(DOMAIN)).contains("no answer in time"));
        assertEquals(2, server.queries("example.test", Type.MX));
    }

    @Test
    void answersToSomethingElseAndGarbageAreLikeSilence() {
        server.add("id.test", Type.TXT, 60, "forged").wrongId("id.test");
        server.add("question.test", Type.TXT, 60, "forged").wrongQuestion("question.test");
        server.garbage("garbage.test");
        for (var name : List.of("id.test", "question.test", "garbage.test")) {
            assertTrue(failure(hasty.txt(name)).contains("no answer in time"), name);
        }
    }

    @Test
    void aTruncatedAnswerIsAskedForAgainByTcp() {
        server.add("example.test", Type.MX, 60, "10 a.example.test.").truncate("example.test");
        assertEquals(found(new MxRecord(10, "a.example.test")), dns.mx(DOMAIN));
        assertEquals(2, server.queries("example.test", Type.MX));
    }

    @Test
    void anAnswerTooLargeForUdpComesWhole() {
        var strings = "\"" + "x".repeat(255) + "\" ";
        server.add("example.test", Type.TXT, 60, strings.repeat(200));
        assertEquals(found("x".repeat(51_000)), dns.txt("example.test"));
    }

    @Test
    void stringsOfOneTxtRecordAreJoinedWithoutSpaces() {
        server.add("k._domainkey.example.test", Type.TXT, 60, "\"v=DKIM1; p=AB\" \"CD\"", "other");
        var answer = dns.txt("k._domainkey.example.test").recordsOrNone();
        assertEquals(List.of("other", "v=DKIM1; p=ABCD"), answer.stream().sorted().toList());
    }

    @Test
    void anOldServerIsAskedAgainWithoutEdns() {
        server.refuseEdns().add("example.test", Type.TXT, 60, "here");
        assertEquals(found("here"), dns.txt("example.test"));
    }

    @Test
    void bothFamiliesComeTogether() throws Exception {
        server.add("mx.test", Type.A, 60, "192.0.2.1").add("mx.test", Type.AAAA, 60, "2001:db8::1");
        assertEquals(
                found(InetAddress.getByName("2001:db8::1"), InetAddress.getByName("192.0.2.1")),
                dns.addresses("mx.test"));
    }

    @Test
    void oneWorkingFamilyIsEnoughButNoneMayOnlyBeSaidByBoth() throws Exception {
        try (var half = new TestDnsServer()) {
            half.add("mx.test", Type.A, 60, "192.0.2.1");
            assertEquals(
                    found(InetAddress.getByName("192.0.2.1")),
                    resolvers(half.address()).addresses("mx.test"));
        }
        server.fail("mx.test", Rcode.SERVFAIL);
        assertInstanceOf(DnsAnswer.Failed.class, dns.addresses("mx.test"));
    }

    @Test
    void cnamesAreFollowed() throws Exception {
        server.add("a.test", Type.CNAME, 60, "b.test.").add("b.test", Type.CNAME, 60, "c.test.");
        server.add("c.test", Type.A, 60, "192.0.2.7");
        assertEquals(found(InetAddress.getByName("192.0.2.7")), dns.addresses("a.test"));
        assertEquals(new DnsAnswer.NoData<>(), dns.txt("a.test"));
        server.add("dangling.test", Type.CNAME, 60, "nowhere.test.");
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.addresses("dangling.test"));
    }

    @Test
    void aCnameLoopFails() {
        server.add("a.test", Type.CNAME, 60, "b.test.").add("b.test", Type.CNAME, 60, "a.test.");
        assertTrue(failure(dns.txt("a.test")).contains("CNAME"));
    }

    @Test
    void moreRecordsThanAnyoneNeedsAreCutOff() {
        server.add("example.test", Type.MX, 60, range(60, i -> i + " h" + i + ".test."));
        server.add("mx.test", Type.A, 60, range(60, i -> "192.0.2." + i));
        var mx = dns.mx(DOMAIN).recordsOrNone();
        assertEquals(40, mx.size());
        assertEquals(new MxRecord(0, "h0.test"), mx.getFirst());
        assertTrue(dns.addresses("mx.test").recordsOrNone().size() <= 40);
    }

    @Test
    void theSecondResolverAnswersWhenTheFirstIsDeadAndIsAskedFirstFromThenOn() throws Exception {
        server.add("one.test", Type.TXT, 60, "1").add("two.test", Type.TXT, 60, "2");
        try (var silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            var dead = (InetSocketAddress) silent.getLocalSocketAddress();
            var both = resolvers(dead, server.address());
            assertEquals(found("1"), both.txt("one.test"));
            long begin = System.nanoTime();
            assertEquals(found("2"), both.txt("two.test"));
            assertTrue(System.nanoTime() - begin < Duration.ofMillis(1_500).toNanos());
        }
    }

    @Test
    void theSecondResolverIsAskedWhenTheFirstFails() {
        server.add("one.test", Type.TXT, 60, "1");
        try (var broken = new TestDnsServer().fail("one.test", Rcode.SERVFAIL)) {
            assertEquals(found("1"), resolvers(broken.address(), server.address()).txt("one.test"));
        }
    }

    @Test
    void anAnswerIsRememberedForItsTtl() {
        server.add("a.test", Type.TXT, 60, "old");
        assertEquals(found("old"), dns.txt("a.test"));
        server.remove("a.test").add("a.test", Type.TXT, 60, "new");
        now = now.plusSeconds(59);
        assertEquals(found("old"), dns.txt("A.Test."));
        assertEquals(1, server.queries("a.test", Type.TXT));
        now = now.plusSeconds(2);
        assertEquals(found("new"), dns.txt("a.test"));
    }

    @Test
    void theTtlHasAFloorAndACeiling() {
        server.add("zero.test", Type.TXT, 0, "x").add("week.test", Type.TXT, 604_800, "x");
        dns.txt("zero.test");
        dns.txt("week.test");
        now = now.plusSeconds(4);
        dns.txt("zero.test");
        assertEquals(1, server.queries("zero.test", Type.TXT));
        now = now.plusSeconds(2);
        dns.txt("zero.test");
        assertEquals(2, server.queries("zero.test", Type.TXT));
        now = now.plusSeconds(3601);
        dns.txt("week.test");
        assertEquals(2, server.queries("week.test", Type.TXT));
    }

    @Test
    void absenceIsRememberedForTheSoaMinimumAndFailureForFiveSeconds() {
        server.fail("bad.test", Rcode.SERVFAIL);
        dns.txt("gone.test");
        dns.txt("bad.test");
        server.add("gone.test", Type.TXT, 60, "here");
        server.remove("bad.test").add("bad.test", Type.TXT, 60, "good");
        assertInstanceOf(DnsAnswer.Failed.class, dns.txt("bad.test"));
        now = now.plusSeconds(6);
        assertEquals(found("good"), dns.txt("bad.test"));
        assertEquals(new DnsAnswer.NoSuchName<>(), dns.txt("gone.test"));
        now = now.plusSeconds(55);
        assertEquals(found("here"), dns.txt("gone.test"));
    }

    @Test
    void uncachedAsksAnewAndRefreshesTheCache() {
        server.add("a.test", Type.TXT, 3600, "old");
        dns.txt("a.test");
        server.remove("a.test").add("a.test", Type.TXT, 3600, "new");
        assertEquals(found("old"), dns.txt("a.test"));
        assertEquals(found("new"), dns.uncached().txt("a.test"));
        assertEquals(found("new"), dns.txt("a.test"));
        server.fail("a.test", Rcode.SERVFAIL);
        assertInstanceOf(DnsAnswer.Failed.class, dns.uncached().txt("a.test"));
        assertEquals(found("new"), dns.txt("a.test"));
    }

    @Test
    void equalQuestionsAtTheSameTimeGoOutOnce() throws Exception {
        server.drop("slow.test");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<DnsAnswer<String>>>();
            for (int i = 0; i < 50; i++) {
                calls.add(() -> hasty.txt("slow.test"));
            }
            for (var answer : threads.invokeAll(calls)) {
                assertInstanceOf(DnsAnswer.Failed.class, answer.get());
            }
        }
        assertEquals(2, server.queries("slow.test", Type.TXT));
    }

    @Test
    void anInterruptedCallerGetsAFailureAndKeepsItsInterrupt() {
        server.drop("slow.test");
        Thread.currentThread().interrupt();
        assertInstanceOf(DnsAnswer.Failed.class, dns.txt("slow.test"));
        assertTrue(Thread.interrupted());
    }

    @Test
    void allTriesTogetherEndByTheTotalDeadline() throws Exception {
        var sockets = new ArrayList<DatagramSocket>();
        var silent = new ArrayList<InetSocketAddress>();
        for (int i = 0; i < 8; i++) {
            var socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
            sockets.add(socket);
            silent.add((InetSocketAddress) socket.getLocalSocketAddress());
        }
        long begin = System.nanoTime();
        var lookup = new Lookup(silent, Duration.ofMillis(300), Duration.ofSeconds(1));
        var answer = lookup.resolve(new Question(Name.fromString("slow.test."), Type.TXT)).answer();
        assertTrue(failure(answer).contains("not asked in time"));
        assertTrue(System.nanoTime() - begin < Duration.ofMillis(1_800).toNanos());
        sockets.forEach(DatagramSocket::close);
    }

    private static String[] range(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).toArray(String[]::new);
    }

    private static String failure(DnsAnswer<?> answer) {
        return assertInstanceOf(DnsAnswer.Failed.class, answer).reason();
    }

    @SafeVarargs
    private static <T> DnsAnswer<T> found(T... records) {
        return new DnsAnswer.Found<>(List.of(records));
    }
}
