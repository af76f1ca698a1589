package ai.mailgoat.server.tracking;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decides whether a person or a machine was behind an open or a click, by what the request says,
/// when it came, and where from. Pure; what only later ones can tell, {@link Revision} does.
///
/// Of the proxies of mailbox providers some load images when the mail is shown, which a person
/// caused, and some when it comes in.
final class Judge {
    /// Links followed within this time are a burst if there are enough of them.
    static final Duration BURST = Duration.ofSeconds(5);

    /// Different links that nobody follows in one burst.
    static final int BURST_LINKS = 3;

    private static final Duration OPEN_TAKES = Duration.ofSeconds(2);
    private static final Duration CLICK_TAKES = Duration.ofSeconds(3);

    /// A delivery whose outcome never came to be known must not make machines of its readers.
    private static final Duration DELIVERY_TAKES = Duration.ofHours(1);

    /// Apple's mail privacy protection says this and nothing else.
    private static final String APPLE = "Mozilla/5.0";

    /// Gmail fetches some images as mail comes in, with this.
    private static final String GMAIL_AHEAD = "Edge/12.246 Mozilla/5.0";

    private static final Pattern SCANNER =
            Pattern.compile(
                    "(?<!cu)bot\\b|crawl|spider|slurp|scan|preview|headless|phantomjs|puppeteer|playwright"
                            + "|curl/|wget|python|go-http-client|okhttp|java/|httpclient|libwww|axios|node-fetch|undici"
                            + "|barracuda|proofpoint|mimecast|messagelabs|symantec|fireeye|trendmicro|forcepoint"
                            + "|ironport|safelinks|facebookexternalhit|whatsapp/|validator");

    private Judge() {}

    /// @param deliveredAt when the mail was, `null` when that is not known
    /// @param earlier clicks on the same mail within {@link #BURST}
    static Verdict judge(
            Hit hit, Instant sentAt, @Nullable Instant deliveredAt, List<Engagement> earlier) {
        String agent = hit.userAgent().toLowerCase(Locale.ROOT);
        if (hit.head()) {
            return Verdict.machine("head");
        }
        if (hit.ahead()) {
            return Verdict.machine("prefetch");
        }
        if (agent.isBlank()) {
            return Verdict.machine("no_user_agent");
        }
        if (SCANNER.matcher(agent).find()) {
            return Verdict.machine("scanner");
        }
        if (hit.userAgent().strip().equals(APPLE)) {
            return Verdict.machine("apple_proxy");
        }
        if (hit.userAgent().endsWith(GMAIL_AHEAD)) {
            return Verdict.machine("gmail_prefetch");
        }
        if (deliveredAt == null && hit.at().isBefore(sentAt.plus(DELIVERY_TAKES))) {
            return Verdict.machine("before_delivery");
        }
        var takes = hit.kind() == Kind.OPENED ? OPEN_TAKES : CLICK_TAKES;
        if (deliveredAt != null && hit.at().isBefore(deliveredAt.plus(takes))) {
            return Verdict.machine("too_fast");
        }
        if (hit.kind() == Kind.OPENED && agent.contains("googleimageproxy")) {
            return Verdict.human("gmail_proxy");
        }
        if (hit.kind() == Kind.OPENED && agent.contains("yahoomailproxy")) {
            return Verdict.human("yahoo_proxy");
        }
        if (Datacentres.contain(hit.ip())) {
            return Verdict.machine("datacentre");
        }
        return isBurst(hit, earlier) ? Verdict.machine("burst") : Verdict.human("person");
    }

    private static boolean isBurst(Hit hit, List<Engagement> earlier) {
        var links = new HashSet<@Nullable String>();
        links.add(hit.url());
        earlier.stream()
                .filter(e -> e.kind() == Kind.CLICKED && !e.at().isBefore(hit.at().minus(BURST)))
                .forEach(e -> links.add(e.url()));
        return hit.kind() == Kind.CLICKED && links.size() >= BURST_LINKS;
    }
}
