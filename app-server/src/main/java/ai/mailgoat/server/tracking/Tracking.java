package ai.mailgoat.server.tracking;

import ai.mailgoat.server.domain.SendingDomain;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/// Makes HTML that tells when it is read and its links followed, as far as the sender's domain has
/// that switched on. The same mail gives the same HTML.
public final class Tracking {
    private static final String UNSUBSCRIBE = "/unsubscribe/";

    private final TrackingLinks links;

    public Tracking(TrackingLinks links) {
        this.links = links;
    }

    /// @param sentAt when the mail is to leave, the same at each try
    /// @param exempt links that stay as they are
    public String tag(
            SendingDomain domain,
            UUID email,
            Instant sentAt,
            Collection<String> exempt,
            String html) {
        String host = domain.trackingHost();
        String tagged =
                domain.clickTracking()
                        ? TaggedHtml.exchangeLinks(
                                html,
                                link ->
                                        exempt.contains(link) || links.isOwn(link, UNSUBSCRIBE)
                                                ? link
                                                : WebLink.of(link)
                                                        .map(url ->
                                                                links.click(
                                                                        host, email, sentAt, url))
                                                        .orElse(link))
                        : html;
        return domain.openTracking()
                ? TaggedHtml.append(tagged, pixel(links.open(host, email, sentAt)))
                : tagged;
    }

    private static String pixel(String url) {
        return "<img src=\""
                + url
                + "\" alt=\"\" width=\"1\" height=\"1\" style=\"border:0;height:1px;width:1px;margin:0;padding:0\">";
    }
}
