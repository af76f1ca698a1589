package ai.mailgoat.server.template;

import ai.mailgoat.common.json.ApiTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Templates as the API shows them.
final class TemplateBody {
    private TemplateBody() {}

    /// In a list.
    record Item(
            UUID id,
            String name,
            @Nullable String alias,
            String status,
            @Nullable String publishedAt,
            String createdAt,
            String updatedAt) {

        static Item of(Template template) {
            return new Item(
                    template.id(),
                    template.name(),
                    template.alias(),
                    template.status(),
                    time(template.publishedAt()),
                    ApiTime.postgres(template.createdAt()),
                    ApiTime.postgres(template.updatedAt()));
        }
    }

    /// With its content as its author last left it.
    static Map<String, Object> whole(Template template, TemplateContent content) {
        var view = new LinkedHashMap<String, Object>();
        view.put("object", "template");
        view.put("id", template.id());
        view.put("current_version_id", template.versionId());
        view.put("name", template.name());
        view.put("alias", template.alias());
        view.put("from", content.from());
        view.put("subject", content.subject());
        view.put("reply_to", content.replyTo().isEmpty() ? null : content.replyTo());
        view.put("html", content.html());
        view.put("text", content.text());
        view.put("variables", content.variables().stream().map(VariableBody::of).toList());
        view.put("status", template.status());
        view.put("published_at", time(template.publishedAt()));
        view.put("created_at", ApiTime.postgres(template.createdAt()));
        view.put("updated_at", ApiTime.postgres(template.updatedAt()));
        view.put("has_unpublished_versions", template.hasUnpublishedVersions());
        return view;
    }

    private record VariableBody(
            UUID id,
            String key,
            String type,
            @Nullable JsonNode fallbackValue,
            String createdAt,
            String updatedAt) {

        static VariableBody of(Variable variable) {
            return new VariableBody(
                    variable.id(),
                    variable.key(),
                    variable.type().apiName(),
                    variable.fallback(),
                    ApiTime.postgres(variable.createdAt()),
                    ApiTime.postgres(variable.updatedAt()));
        }
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : ApiTime.postgres(time);
    }
}
