package ai.mailgoat.server.contact;

import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.segment.SegmentBody;
import ai.mailgoat.server.topic.Subscription;
import ai.mailgoat.server.topic.Topic;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The segments and the topics of one contact, below `/contacts`.
public final class ChoiceRoutes {
    private static final int TOPICS_LISTED = 100;

    private final Choices choices;

    public ChoiceRoutes(Choices choices) {
        this.choices = choices;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/contacts/{id}/segments", Access.FULL, this::segments)
                .post("/contacts/{id}/segments/{sid}", Access.FULL, this::join)
                .delete("/contacts/{id}/segments/{sid}", Access.FULL, this::leave)
                .get("/contacts/{id}/topics", Access.FULL, this::topics)
                .patch("/contacts/{id}/topics", Access.FULL, this::choose);
    }

    private Answer segments(Call call) {
        var page = call.page();
        var rows = choices.segmentsOf(call.principal().team(), key(call), page);
        return Answer.ok(page.list(rows.stream().map(SegmentBody::of).toList()));
    }

    private Answer join(Call call) {
        UUID segment = call.uuid("sid");
        UUID contact = choices.join(call.principal().team(), key(call), segment);
        return Answer.ok(new Joined("contact_segment", segment, contact, segment));
    }

    private Answer leave(Call call) {
        UUID segment = call.uuid("sid");
        UUID contact = choices.leave(call.principal().team(), key(call), segment);
        return Answer.ok(new Left("contact_segment", segment, contact, segment, true));
    }

    private Answer topics(Call call) {
        var page = call.page(TOPICS_LISTED);
        var rows = choices.topicsOf(call.principal().team(), key(call), page);
        return Answer.ok(page.list(rows.stream().map(TopicItem::of).toList()));
    }

    private Answer choose(Call call) {
        var chosen = ContactRequests.choices(call);
        UUID contact = choices.choose(call.principal().team(), key(call), chosen);
        return Answer.ok(
                new Chosen(
                        "contact_topics",
                        contact,
                        contact,
                        chosen.stream().map(Choice::of).toList()));
    }

    private static ContactKey key(Call call) {
        return ContactKey.of(call.parameter("id"));
    }

    /// @param id the segment's
    private record Joined(String object, UUID id, UUID contactId, UUID segmentId) {}

    /// @param id the segment's
    private record Left(String object, UUID id, UUID contactId, UUID segmentId, boolean deleted) {}

    /// @param id the contact's
    private record Chosen(String object, UUID id, UUID contactId, List<Choice> topics) {}

    private record Choice(UUID id, String subscription) {
        static Choice of(TopicChoice choice) {
            return new Choice(choice.topic(), Subscription.of(choice.optIn()).apiName());
        }
    }

    private record TopicItem(
            UUID id, String name, @Nullable String description, String subscription) {
        static TopicItem of(Topic.Of of) {
            return new TopicItem(
                    of.topic().id(),
                    of.topic().name(),
                    of.topic().description(),
                    of.subscription().apiName());
        }
    }
}
