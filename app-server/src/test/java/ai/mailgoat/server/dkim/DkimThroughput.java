package ai.mailgoat.server.dkim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Signatures per second for messages of 5 KB. Not a test: run `main`, with the number of threads.
public final class DkimThroughput {
    private static final long SECONDS = 4;

    private DkimThroughput() {}

    public static void main(String[] arguments) throws InterruptedException {
        int threads = arguments.length == 0 ? 1 : Integer.parseInt(arguments[0]);
        var rsa = DkimKeys.generate(Algorithm.RSA_SHA256).privateKey();
        var jdk = DkimKeys.load(Keys.DOMAIN, "a", Algorithm.RSA_SHA256, rsa, RsaEngine.JDK);
        var fastest = DkimKeys.load(Keys.DOMAIN, "a", Algorithm.RSA_SHA256, rsa, RsaEngine.FASTEST);
        for (int round = 0; round < 2; round++) {
            measure("RSA-2048 " + RsaEngine.JDK.name(), List.of(jdk), threads);
            measure("RSA-2048 " + RsaEngine.FASTEST.name(), List.of(fastest), threads);
            measure("Ed25519", List.of(Keys.ED), threads);
            measure("both", List.of(fastest, Keys.ED), threads);
            measure("no key (hashing alone)", List.of(), threads);
        }
    }

    private static void measure(String name, List<DkimKey> keys, int threads)
            throws InterruptedException {
        var message =
                Keys.octets(
                        "From: ann@example.org\r\nTo: bob@example.net\r\nSubject: Hello\r\n"
                                + "Date: Sun, 1 Mar 2026 12:00:00 +0000\r\nMessage-ID: <1@x.org>\r\n"
                                + "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
                                + "<p>Lorem ipsum dolor sit amet, consectetur adipiscing</p>\r\n"
                                        .repeat(84));
        int headerLength = Keys.text(message).indexOf("\r\n\r\n") + 2;
        var signer = new DkimSigner();
        var count = new AtomicLong();
        var done = new CountDownLatch(threads);
        long end = System.nanoTime() + SECONDS * 1_000_000_000;
        var running = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            running.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (System.nanoTime() < end) {
                                    signer.sign(message, headerLength, keys, Instant.EPOCH);
                                    count.incrementAndGet();
                                }
                                done.countDown();
                            }));
        }
        done.await();
        System.out.printf(
                Locale.ROOT,
                "%-25s %d thread(s) %,9d messages/s (%d octets)%n",
                name,
                running.size(),
                count.get() / SECONDS,
                message.length);
    }
}
