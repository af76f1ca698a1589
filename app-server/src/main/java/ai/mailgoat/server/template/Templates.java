package ai.mailgoat.server.template;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A team's templates. Each is named by its id or its alias. What its author changes is a draft
/// beside what is sent, until it is published.
public final class Templates {
    private static final String COPY = " (Copy)";

    /// A short request must not become a huge mail, which variables used often would do.
    private static final int MAX_FILLED = 2_000_000;

    private static final int CACHED_CHARACTERS = 16 * 1024 * 1024;

    private final Store store;
    private final TemplateStore rows = new TemplateStore();
    private final InstantSource clock;
    private final Uuids ids;

    // Published versions never change.
    private final Cache<UUID, Compiled> versions =
            Caffeine.newBuilder()
                    .maximumWeight(CACHED_CHARACTERS)
                    .weigher((UUID id, Compiled version) -> version.characters())
                    .build();

    public Templates(Store store, InstantSource clock, Uuids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// Fills a published template in.
    ///
    /// @param request `id`, an id or an alias, and `variables`, values by key; values without a
    ///   declaration are ignored
    /// @throws ApiException 404 when the team has none such; 422 when it is a draft, when a
    ///   variable without fallback has no value, and when a value does not fit
    public RenderedTemplate render(TeamId team, JsonBody request) {
        String key = request.requiredText("id", TemplateRequest.MAX_ALIAS);
        var given = request.object("variables").map(JsonBody::tree);
        var published = store.read(tx -> published(tx, team, key));
        var content = published.version.content;
        var values = values(content.variables(), given);
        return new RenderedTemplate(
                published.template,
                content.from(),
                filled(published.version.subject, values),
                content.replyTo(),
                published.version.html.fill(values, MAX_FILLED),
                filled(published.version.text, values));
    }

    UUID create(TeamId team, JsonBody body) {
        var request = new TemplateRequest(body);
        var now = now();
        var template = draft(request.requiredName(), request.alias(null), now);
        var content = request.content(ids, now);
        store.write(tx -> {
            checkAlias(tx, team, template);
            rows.insert(tx, team, template, content);
            return true;
        });
        return template.id();
    }

    List<Template> list(TeamId team, Page page) {
        return store.read(tx -> rows.list(tx, team, page));
    }

    Map<String, Object> get(TeamId team, String key) {
        return store.read(tx -> {
            var template = find(tx, team, key);
            return TemplateBody.whole(template, rows.content(tx, team, template.id()));
        });
    }

    UUID update(TeamId team, String key, JsonBody body) {
        var request = new TemplateRequest(body);
        var now = now();
        return store.write(tx -> {
            var before = find(tx, team, key);
            var content = rows.content(tx, team, before.id());
            var changed = request.content(content, ids, now);
            // The published version stays as it is; the first change begins another.
            boolean begins = !changed.equals(content) && !before.hasUnpublishedVersions();
            var template =
                    new Template(
                            before.id(),
                            request.name(before.name()),
                            request.alias(before.alias()),
                            begins ? ids.next() : before.versionId(),
                            before.publishedVersionId(),
                            before.publishedAt(),
                            before.createdAt(),
                            now);
            checkAlias(tx, team, template);
            rows.update(tx, team, template, changed);
            return before.id();
        });
    }

    /// Makes the author's version the one that is sent. Publishing it once more changes nothing.
    UUID publish(TeamId team, String key) {
        var now = now();
        return store.write(tx -> {
            var template = find(tx, team, key);
            if (template.hasUnpublishedVersions()) {
                checkPublishable(rows.content(tx, team, template.id()));
                rows.publish(tx, team, template, now);
            }
            return template.id();
        });
    }

    /// A draft with the same content and no alias.
    UUID duplicate(TeamId team, String key) {
        return store.write(tx -> {
            var original = find(tx, team, key);
            var copy = draft(copyName(original.name()), null, now());
            rows.insert(tx, team, copy, rows.content(tx, team, original.id()));
            return copy.id();
        });
    }

    UUID delete(TeamId team, String key) {
        return store.write(tx -> {
            var template = find(tx, team, key);
            rows.delete(tx, team, template.id());
            return template.id();
        });
    }

    /// @param template its id
    private record Published(UUID template, Compiled version) {}

    private record Compiled(
            TemplateContent content,
            @Nullable Placeholders subject,
            Placeholders html,
            @Nullable Placeholders text) {

        static Compiled of(TemplateContent content) {
            var subject = content.subject();
            var text = content.text();
            return new Compiled(
                    content,
                    subject == null ? null : Placeholders.of(subject),
                    Placeholders.of(content.html()),
                    text == null ? null : Placeholders.of(text));
        }

        int characters() {
            var text = content.text();
            return 1_000 + 2 * (content.html().length() + (text == null ? 0 : text.length()));
        }
    }

    private Published published(Tx tx, TeamId team, String key) {
        var template = find(tx, team, key);
        var id = template.publishedVersionId();
        if (id == null) {
            throw ApiException.validation(
                    "The template `"
                            + template.name()
                            + "` is a draft. Publish it before sending.");
        }
        var version = versions.getIfPresent(id);
        if (version == null) {
            version =
                    rows.version(tx, id)
                            .map(Compiled::of)
                            .orElseThrow(() -> ApiException.notFound("Template"));
            versions.put(id, version);
        }
        return new Published(template.id(), version);
    }

    private static Map<String, String> values(List<Variable> declared, Optional<JsonNode> given) {
        var values = new HashMap<String, String>();
        for (var variable : declared) {
            String what = "The template variable `" + variable.key() + "`";
            var value = given.map(object -> object.get(variable.key())).orElse(null);
            if (value == null || value.isNull()) {
                value = variable.fallback();
            }
            if (value == null) {
                throw ApiException.validation(what + " has no value and no fallback.");
            }
            values.put(variable.key(), Variable.text(what, variable.type(), variable.typed(value)));
        }
        return values;
    }

    private static @Nullable String filled(
            @Nullable Placeholders text, Map<String, String> values) {
        return text == null ? null : text.fill(values, MAX_FILLED);
    }

    // What nobody will fill in would go out in its braces.
    private static void checkPublishable(TemplateContent content) {
        if (content.html().isBlank()) {
            throw ApiException.validation("Template HTML is required");
        }
        var compiled = Compiled.of(content);
        var used = new LinkedHashSet<>(compiled.html.keys());
        Function<@Nullable Placeholders, java.util.Set<String>> keys =
                text -> text == null ? java.util.Set.of() : text.keys();
        used.addAll(keys.apply(compiled.subject));
        used.addAll(keys.apply(compiled.text));
        content.variables().forEach(variable -> used.remove(variable.key()));
        if (!used.isEmpty()) {
            String first = used.iterator().next();
            throw ApiException.validation(
                    "The template uses `{{{"
                            + first.substring(0, Math.min(first.length(), 100))
                            + "}}}`, which is not among its `variables`.");
        }
    }

    private void checkAlias(Tx tx, TeamId team, Template template) {
        String alias = template.alias();
        if (alias == null) {
            return;
        }
        var holder = rows.find(tx, team, alias);
        if (holder.isPresent() && !holder.get().id().equals(template.id())) {
            throw ApiException.validation(
                    "The alias `" + alias + "` is already used by another template.");
        }
    }

    private Template find(Tx tx, TeamId team, String key) {
        return rows.find(tx, team, key).orElseThrow(() -> ApiException.notFound("Template"));
    }

    private Template draft(String name, @Nullable String alias, Instant now) {
        return new Template(ids.next(), name, alias, ids.next(), null, null, now, now);
    }

    private static String copyName(String name) {
        int room = TemplateRequest.MAX_NAME - COPY.length();
        int end = Math.min(name.length(), room);
        boolean splits = end < name.length() && Character.isHighSurrogate(name.charAt(end - 1));
        return name.substring(0, splits ? end - 1 : end) + COPY;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
