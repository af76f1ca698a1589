package ai.mailgoat.server.rehearsal;

import ai.mailgoat.server.broadcast.Broadcast;
import ai.mailgoat.server.broadcast.Broadcasts;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.message.HtmlText;
import ai.mailgoat.server.rehearsal.AudienceCount.Seen;
import ai.mailgoat.server.rehearsal.Rehearsal.Audience;
import ai.mailgoat.server.rehearsal.Rehearsal.Link;
import ai.mailgoat.server.rehearsal.Rehearsal.Message;
import ai.mailgoat.server.rehearsal.Rehearsal.Problem;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tries out a broadcast in any state: counts its audience, writes out the mail of some contacts,
/// and names what would go wrong.
public final class Rehearsals {
    private static final int SHOWN = 5;
    private static final int MAX_LINKS = 50;
    private static final int MAX_SHOWN_CHARACTERS = 400_000;

    /// Beyond this a large mailbox provider hides the rest behind a link.
    private static final int CLIPPED_OCTETS = 102 * 1_024;

    /// Suppressed contacts, in percent of those who want the mail, that tell of a bad list.
    private static final int MANY_PERCENT = 5;

    private final Broadcasts broadcasts;
    private final AudienceCount audiences;
    private final SenderCheck senders;
    private final LinkCheck links;
    private final String unsubscribeUrl;
    private final long maxMessage;

    /// @param publicUrl where people reach the service, without trailing slash
    /// @param maxMessage octets of a mail's text
    public Rehearsals(
            Broadcasts broadcasts,
            AudienceCount audiences,
            SenderCheck senders,
            LinkCheck links,
            String publicUrl,
            long maxMessage) {
        this.broadcasts = broadcasts;
        this.audiences = audiences;
        this.senders = senders;
        this.links = links;
        // A link that works would unsubscribe whoever is shown.
        this.unsubscribeUrl = publicUrl + "/unsubscribe/rehearsal";
        this.maxMessage = maxMessage;
    }

    /// @param contacts whose mail is shown; empty for the first that would get it
    /// @throws ApiException 404 when there is no such broadcast, or no such contact
    Rehearsal rehearse(Principal caller, UUID id, List<UUID> contacts) {
        var broadcast = broadcasts.get(caller.team(), id);
        var content = new ContentCheck(broadcast.content(), audiences.known(caller.team()));
        var shown = new ArrayList<>(audiences.some(broadcast, contacts));
        var problems = new ArrayList<>(content.problems());
        String from = broadcast.content().from();
        if (from != null) {
            problems.addAll(senders.check(caller, NamedMailbox.parse(from).mailbox().domain()));
        }
        checkChosen(broadcast, problems);
        var audience =
                audiences.count(
                        broadcast,
                        seen -> {
                            if (seen.exclusion() == null) {
                                content.see(seen.member());
                                if (contacts.isEmpty() && shown.size() < SHOWN) {
                                    shown.add(seen);
                                }
                            }
                        });
        checkAudience(broadcast, audience, problems);
        problems.addAll(content.gaps(audience.receiving()));
        var messages = shown.stream().map(seen -> message(content, seen)).toList();
        checkSize(messages, problems);
        var followed = follow(broadcast, problems);
        return new Rehearsal(
                "broadcast_rehearsal",
                id,
                problems.stream().noneMatch(Problem::isError),
                audience,
                problems,
                followed,
                messages);
    }

    private void checkChosen(Broadcast broadcast, List<Problem> problems) {
        var segment = broadcast.segment();
        if (segment == null) {
            if (broadcast.retryOf() == null) {
                problems.add(
                        Problem.error("missing_segment", "The broadcast has no `segment_id`."));
            }
        } else if (!audiences.hasSegment(broadcast.team(), segment)) {
            problems.add(Problem.error("segment_gone", "The segment was deleted. Choose another."));
        }
        var topic = broadcast.topic();
        if (topic != null && !audiences.hasTopic(broadcast.team(), topic)) {
            problems.add(
                    Problem.error(
                            "topic_gone", "The topic was deleted: nobody can be asked about it."));
        }
    }

    private static void checkAudience(
            Broadcast broadcast, Audience audience, List<Problem> problems) {
        long wanting = audience.receiving() + audience.suppressed();
        if (broadcast.segment() != null && audience.complete() && audience.receiving() == 0) {
            problems.add(Problem.error("empty_audience", "Nobody would get the broadcast."));
        }
        if (audience.suppressed() * 100 > wanting * MANY_PERCENT) {
            problems.add(
                    Problem.warning(
                            "many_suppressed",
                            audience.suppressed()
                                    + " of "
                                    + wanting
                                    + " contacts who want the broadcast are on the suppression list. A list with so many"
                                    + " dead addresses harms the sender's reputation: clean it up."));
        }
        if (!audience.complete()) {
            problems.add(
                    Problem.note(
                            "audience_not_counted",
                            "Only the first "
                                    + audience.contacts()
                                    + " contacts were counted: there are more than a rehearsal has time for."));
        }
    }

    private void checkSize(List<Message> messages, List<Problem> problems) {
        int largest = messages.stream().mapToInt(Message::htmlSize).max().orElse(0);
        if (largest > maxMessage) {
            problems.add(
                    Problem.error(
                            "too_large",
                            "The HTML has "
                                    + largest
                                    + " octets; a mail may have at most "
                                    + maxMessage
                                    + "."));
        } else if (largest > CLIPPED_OCTETS) {
            problems.add(
                    Problem.warning(
                            "html_clipped",
                            "The HTML has "
                                    + largest
                                    + " octets. Gmail shows the first "
                                    + CLIPPED_OCTETS
                                    + " and hides the rest, the link to unsubscribe with it."));
        }
    }

    private List<Link> follow(Broadcast broadcast, List<Problem> problems) {
        var written = WrittenLinks.of(broadcast.content().html(), broadcast.content().text());
        for (String link : written.broken.subList(0, Math.min(written.broken.size(), MAX_LINKS))) {
            problems.add(
                    Problem.warning(
                            "broken_link",
                            "A link cannot be followed from a mail: `" + cut(link, 200) + "`."));
        }
        var tried = written.urls.subList(0, Math.min(written.urls.size(), MAX_LINKS));
        var followed = links.follow(tried);
        for (var link : followed) {
            if (link.problem() != null) {
                problems.add(
                        Problem.warning(
                                "dead_link",
                                "A link leads nowhere: "
                                        + cut(link.url(), 200)
                                        + " "
                                        + link.problem()));
            }
        }
        int left = written.urls.size() - followed.size();
        if (left > 0) {
            problems.add(
                    Problem.note(
                            "links_not_followed",
                            left
                                    + " links were not followed: there was no time, or there are too many."));
        }
        return followed;
    }

    private Message message(ContentCheck content, Seen seen) {
        var read = content.read(seen.member(), unsubscribeUrl);
        String html = read.html();
        String text = read.text() == null && html != null ? HtmlText.of(html) : read.text();
        var exclusion = seen.exclusion();
        return new Message(
                seen.member().id(),
                seen.member().email(),
                exclusion == null ? null : exclusion.text(),
                read.subject(),
                html == null ? null : cut(html, MAX_SHOWN_CHARACTERS),
                text == null ? null : cut(text, MAX_SHOWN_CHARACTERS),
                html == null ? 0 : html.getBytes(StandardCharsets.UTF_8).length,
                isLong(html) || isLong(text));
    }

    private static boolean isLong(@Nullable String text) {
        return text != null && text.length() > MAX_SHOWN_CHARACTERS;
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        boolean split = Character.isHighSurrogate(text.charAt(max - 1));
        return text.substring(0, split ? max - 1 : max);
    }
}
