package ai.mailgoat.server.template;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The body of a create or an update, field by field. On an update an absent field stays as it is
/// and `null` takes an optional one away.
final class TemplateRequest {
    static final int MAX_NAME = 200;
    static final int MAX_ALIAS = 200;
    private static final int MAX_VARIABLES = 50;
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_]{1,50}");
    private static final Set<String> RESERVED =
            Set.of(
                    "FIRST_NAME",
                    "LAST_NAME",
                    "EMAIL",
                    "UNSUBSCRIBE_URL",
                    "RESEND_UNSUBSCRIBE_URL",
                    "contact",
                    "this");

    private final JsonBody body;
    private final MailFields mail;

    TemplateRequest(JsonBody body) {
        this.body = body;
        mail = new MailFields(body);
    }

    String requiredName() {
        return body.requiredText("name", MAX_NAME);
    }

    String name(String before) {
        return body.node("name").isPresent() ? requiredName() : before;
    }

    /// @param before `null` for none; so is what it returns
    @Nullable String alias(@Nullable String before) {
        if (!body.has("alias")) {
            return before;
        }
        var alias = body.text("alias", MAX_ALIAS).filter(s -> !s.isEmpty()).orElse(null);
        if (alias == null) {
            return null;
        }
        if (!ALIAS.matcher(alias).matches()) {
            throw ApiException.validation(
                    "Invalid `alias` field. It may have letters, numbers, dashes, underscores and dots,"
                            + " and begins with a letter or a number.");
        }
        if (Uuids.parse(alias).isPresent()) {
            throw ApiException.validation("Invalid `alias` field. It must not be a UUID.");
        }
        return alias;
    }

    /// The content of a new template.
    TemplateContent content(Uuids ids, Instant now) {
        if (body.node("html").isEmpty()) {
            throw ApiException.missingField("html");
        }
        return content(new TemplateContent(null, null, List.of(), "", null, List.of()), ids, now);
    }

    /// `before`, with what the body changes.
    TemplateContent content(TemplateContent before, Uuids ids, Instant now) {
        return new TemplateContent(
                body.has("from") ? mail.from() : before.from(),
                body.has("subject") ? mail.subject() : before.subject(),
                body.has("reply_to") ? mail.replyTo() : before.replyTo(),
                body.node("html").isPresent() ? html() : before.html(),
                body.has("text") ? mail.content("text").orElse(null) : before.text(),
                body.has("variables")
                        ? variables(before.variables(), ids, now)
                        : before.variables());
    }

    private String html() {
        return mail.content("html").orElse("");
    }

    private List<Variable> variables(List<Variable> before, Uuids ids, Instant now) {
        var all = new ArrayList<Variable>();
        var keys = new HashSet<String>();
        var given = body.objects("variables");
        if (given.size() > MAX_VARIABLES) {
            throw ApiException.validation(
                    "A template can have at most " + MAX_VARIABLES + " `variables`.");
        }
        for (var variable : given) {
            String key = variable.requiredString("key");
            checkKey(key);
            if (!keys.add(key)) {
                throw ApiException.validation("The variable `" + key + "` is declared twice.");
            }
            all.add(variable(key, variable, before, ids, now));
        }
        return List.copyOf(all);
    }

    private static Variable variable(
            String key, JsonBody variable, List<Variable> before, Uuids ids, Instant now) {
        var type =
                variable.constant("type", Variable.Type.class)
                        .orElseThrow(() -> ApiException.missingField("variables.type"));
        var fallback = variable.node("fallback_value").orElse(null);
        if (fallback != null) {
            Variable.text("The `fallback_value` of the variable `" + key + "`", type, fallback);
        }
        var fresh = new Variable(ids.next(), key, type, fallback, now, now);
        return before.stream()
                .filter(v -> v.key().equals(key))
                .findFirst()
                .map(old -> successor(old, fresh))
                .orElse(fresh);
    }

    private static Variable successor(Variable old, Variable fresh) {
        var same =
                new Variable(
                        old.id(),
                        old.key(),
                        fresh.type(),
                        fresh.fallback(),
                        old.createdAt(),
                        old.updatedAt());
        return same.equals(old)
                ? old
                : new Variable(
                        old.id(),
                        old.key(),
                        fresh.type(),
                        fresh.fallback(),
                        old.createdAt(),
                        fresh.updatedAt());
    }

    private static void checkKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw ApiException.validation(
                    "The key of a variable can only have letters, numbers and underscores, at most 50.");
        }
        if (RESERVED.contains(key)) {
            throw ApiException.validation(
                    "The variable name `" + key + "` is reserved and cannot be used.");
        }
    }
}
