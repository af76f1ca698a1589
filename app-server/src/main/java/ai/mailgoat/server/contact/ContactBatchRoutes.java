package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/contacts/batch`: many contacts made or changed at once. All of them or none, unless the call
/// is permissive; then all that are right.
public final class ContactBatchRoutes {
    private static final int MAX = 1_000;

    private final Contacts contacts;

    public ContactBatchRoutes(Contacts contacts) {
        this.contacts = contacts;
    }

    public void register(Endpoints endpoints) {
        endpoints.post("/contacts/batch", Access.FULL, this::save);
    }

    private Answer save(Call call) {
        boolean permissive = call.isPermissiveBatch();
        var body = JsonBody.wrapped(call.rawBody(), "contacts");
        var items = items(body);
        var rule = body.constant("on_conflict", Conflict.class).orElse(Conflict.UPSERT);
        var refused = new TreeMap<Integer, ApiException>();
        var drafts = drafts(call.principal().team(), items, refused);
        if (!permissive && !refused.isEmpty()) {
            throw at(refused.firstEntry());
        }
        var saved = contacts.saveAll(call.principal().team(), drafts, rule);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("data", saved.stream().map(Saved::of).toList());
        if (permissive) {
            answer.put("errors", refused.entrySet().stream().map(Refused::of).toList());
        }
        return Answer.ok(answer);
    }

    /// @param refused what is wrong, by the item's place
    private List<ContactDraft> drafts(
            TeamId team, List<JsonNode> items, Map<Integer, ApiException> refused) {
        var read = new LinkedHashMap<Integer, ContactDraft>();
        for (int i = 0; i < items.size(); i++) {
            try {
                read.put(i, ContactRequests.draft(JsonBody.of(items.get(i), ""), null));
            } catch (ApiException e) {
                refused.put(i, e);
            }
        }
        var rules = contacts.rules(team, List.copyOf(read.values()));
        var right = new ArrayList<ContactDraft>();
        read.forEach((i, draft) -> {
            try {
                rules.check(draft);
                right.add(draft);
            } catch (ApiException e) {
                refused.put(i, e);
            }
        });
        return right;
    }

    private static List<JsonNode> items(JsonBody body) {
        var node = body.node("contacts").orElseThrow(() -> ApiException.missingField("contacts"));
        if (!node.isArray()) {
            throw body.wrongType("contacts", "an array");
        }
        if (node.isEmpty() || node.size() > MAX) {
            throw ApiException.validation("A batch must have between 1 and " + MAX + " contacts.");
        }
        var items = new ArrayList<JsonNode>();
        node.forEach(items::add);
        return items;
    }

    private static ApiException at(Map.Entry<Integer, ApiException> refused) {
        var e = refused.getValue();
        return new ApiException(
                e.status(), e.name(), "contacts[" + refused.getKey() + "]: " + e.getMessage());
    }

    private record Saved(String object, UUID id, String status) {
        static Saved of(Applied applied) {
            return new Saved(
                    "contact",
                    applied.contact(),
                    applied.outcome().name().toLowerCase(Locale.ROOT));
        }
    }

    private record Refused(int index, @Nullable String message) {
        static Refused of(Map.Entry<Integer, ApiException> refused) {
            return new Refused(refused.getKey(), refused.getValue().getMessage());
        }
    }
}
