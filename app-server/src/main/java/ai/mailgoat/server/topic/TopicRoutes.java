package ai.mailgoat.server.topic;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.topic.Topic.Visibility;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/topics`.
public final class TopicRoutes {
    private static final int MAX_NAME = 50;
    private static final int MAX_DESCRIPTION = 200;

    // Clients exist that cannot ask for a second page.
    private static final int LISTED = 100;

    private final Topics topics;

    public TopicRoutes(Topics topics) {
        this.topics = topics;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/topics", Access.FULL, this::create)
                .get("/topics", Access.FULL, this::list)
                .get("/topics/{id}", Access.FULL, this::get)
                .patch("/topics/{id}", Access.FULL, this::update)
                .delete("/topics/{id}", Access.FULL, this::delete);
    }

    private Answer create(Call call) {
        var body = call.body();
        var topic =
                topics.create(
                        call.principal().team(),
                        body.requiredText("name", MAX_NAME),
                        body.text("description", MAX_DESCRIPTION).orElse(null),
                        body.constant("default_subscription", Subscription.class)
                                .orElseThrow(
                                        () -> ApiException.missingField("default_subscription")),
                        body.constant("visibility", Visibility.class).orElse(Visibility.PRIVATE));
        return Answer.made("topic", topic.id());
    }

    private Answer list(Call call) {
        var page = call.page(LISTED);
        var rows = topics.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(TopicBody::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(
                TopicBody.of(
                        topics.find(call.principal().team(), call.uuid("id"))
                                .orElseThrow(Topics::notFound)));
    }

    private Answer update(Call call) {
        UUID id = call.uuid("id");
        var body = call.body();
        boolean found = topics.update(call.principal().team(), id, topic -> changed(topic, body));
        if (!found) {
            throw Topics.notFound();
        }
        return Answer.done("topic", id);
    }

    private Answer delete(Call call) {
        UUID id = call.uuid("id");
        if (!topics.delete(call.principal().team(), id)) {
            throw Topics.notFound();
        }
        return Answer.deleted("topic", id);
    }

    private static Topic changed(Topic topic, JsonBody body) {
        return new Topic(
                topic.id(),
                body.node("name").isPresent() ? body.requiredText("name", MAX_NAME) : topic.name(),
                body.has("description")
                        ? body.text("description", MAX_DESCRIPTION).orElse(null)
                        : topic.description(),
                topic.standard(),
                body.constant("visibility", Visibility.class).orElse(topic.visibility()),
                topic.createdAt(),
                topic.updatedAt());
    }

    record TopicBody(
            String object,
            UUID id,
            String name,
            @Nullable String description,
            String defaultSubscription,
            String visibility,
            String createdAt,
            String updatedAt) {

        static TopicBody of(Topic topic) {
            return new TopicBody(
                    "topic",
                    topic.id(),
                    topic.name(),
                    topic.description(),
                    topic.standard().apiName(),
                    topic.visibility().apiName(),
                    ApiTime.postgres(topic.createdAt()),
                    ApiTime.postgres(topic.updatedAt()));
        }
    }
}
