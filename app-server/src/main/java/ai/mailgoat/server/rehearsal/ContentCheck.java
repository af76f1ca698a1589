package ai.mailgoat.server.rehearsal;

import ai.mailgoat.server.broadcast.BroadcastContent;
import ai.mailgoat.server.contact.Member;
import ai.mailgoat.server.merge.MergeBody;
import ai.mailgoat.server.merge.MergeText;
import ai.mailgoat.server.merge.MergeValues;
import ai.mailgoat.server.rehearsal.AudienceCount.Known;
import ai.mailgoat.server.rehearsal.Rehearsal.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the author wrote, taken apart, with what is missing from it; and what contacts lack for it.
final class ContentCheck {
    private static final Set<String> NAMES =
            Set.of("contact.first_name", "contact.last_name", "contact.email");

    private final List<Problem> problems = new ArrayList<>();
    private final MergeBody.Parsed body;
    private final @Nullable MergeText subject;
    private final Set<String> keys = new LinkedHashSet<>();
    private final Map<String, Long> lacking = new LinkedHashMap<>();

    /// @param content whose places were checked when it was written
    ContentCheck(BroadcastContent content, Known known) {
        var fallbacks = MergeValues.fallbacks(known.fallbacks());
        subject =
                content.subject() == null
                        ? null
                        : MergeText.parse(content.subject()).withFallbacks(fallbacks);
        body =
                MergeBody.of(
                                content.html(),
                                content.text(),
                                content.previewText(),
                                known.fallbacks())
                        .parse();
        keys.addAll(body.keys());
        var bare = new LinkedHashSet<>(body.bareKeys());
        if (subject != null) {
            keys.addAll(subject.keys());
            bare.addAll(subject.bareKeys());
        }
        bare.removeAll(fallbacks.keySet());
        bare.remove(MergeText.UNSUBSCRIBE_URL);
        checkMissing(content);
        checkNames(known, bare);
        bare.forEach(key -> lacking.put(key, 0L));
    }

    private void checkMissing(BroadcastContent content) {
        if (content.from() == null) {
            problems.add(Problem.error("missing_from", "The broadcast has no `from`."));
        }
        if (content.subject() == null) {
            problems.add(Problem.error("missing_subject", "The broadcast has no `subject`."));
        }
        if (content.isEmpty()) {
            problems.add(
                    Problem.error("missing_content", "The broadcast has no `html` or `text`."));
        } else if (!body.keys().contains(MergeText.UNSUBSCRIBE_URL)) {
            problems.add(
                    Problem.error(
                            "missing_unsubscribe",
                            "The broadcast has no way to unsubscribe. Add {{{RESEND_UNSUBSCRIBE_URL}}} to its `html` or"
                                    + " `text`."));
        }
    }

    private void checkNames(Known known, Set<String> bare) {
        for (String key : keys) {
            if (key.startsWith("contact.")
                    && !NAMES.contains(key)
                    && !known.properties().contains(key.substring("contact.".length()))) {
                problems.add(
                        Problem.warning(
                                "unknown_property",
                                "There is no contact property for {{{"
                                        + key
                                        + "}}}: "
                                        + (bare.contains(key)
                                                ? "nothing is put in for anybody."
                                                : "everybody reads its fallback.")));
                bare.remove(key);
            }
        }
    }

    List<Problem> problems() {
        return problems;
    }

    /// Takes note of what is not known of a contact that would get the mail.
    void see(Member member) {
        if (!lacking.isEmpty()) {
            var values = values(member, lacking.keySet(), null);
            lacking.replaceAll((key, count) -> values.containsKey(key) ? count : count + 1);
        }
    }

    /// @param receiving contacts that were seen
    List<Problem> gaps(long receiving) {
        return lacking.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry ->
                        Problem.warning(
                                "empty_value",
                                "For "
                                        + entry.getValue()
                                        + " of "
                                        + receiving
                                        + " contacts nothing is put in for {{{"
                                        + entry.getKey()
                                        + "}}}. Give it a fallback: {{{"
                                        + entry.getKey()
                                        + "|…}}}."))
                .toList();
    }

    /// What one contact reads.
    record Read(@Nullable String subject, @Nullable String html, @Nullable String text) {}

    Read read(Member member, String unsubscribeUrl) {
        var values = values(member, keys, unsubscribeUrl);
        return new Read(
                subject == null ? null : subject.fillLine(values),
                body.html(values),
                body.text(values));
    }

    private static Map<String, String> values(
            Member member, Set<String> keys, @Nullable String unsubscribeUrl) {
        return MergeValues.of(
                keys,
                member.email(),
                member.firstName(),
                member.lastName(),
                member.properties(),
                unsubscribeUrl);
    }
}
