package ai.mailgoat.server.suppression;

import ai.mailgoat.common.id.SuppressionId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppression.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// `/suppressions`.
public final class SuppressionRoutes {
    private static final int MAX_BATCH = 100;

    private final Store store;
    private final Suppressions suppressions;

    public SuppressionRoutes(Store store, Suppressions suppressions) {
        this.store = store;
        this.suppressions = suppressions;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/suppressions", Access.FULL, this::add)
                .get("/suppressions", Access.FULL, this::list)
                .post("/suppressions/batch/add", Access.FULL, this::addBatch)
                .post("/suppressions/batch/remove", Access.FULL, this::removeBatch)
                .get("/suppressions/{id}", Access.FULL, this::get)
                .delete("/suppressions/{id}", Access.FULL, this::remove);
    }

    private Answer add(Call call) {
        String address = folded("email", call.body().requiredString("email"));
        var team = call.principal().team();
        var entry = store.write(tx -> suppressions.add(tx, team, address, Origin.MANUAL, null));
        return Answer.created(Added.of(entry));
    }

    private Answer list(Call call) {
        var page = call.page();
        var origin = call.query("origin").map(SuppressionRoutes::origin);
        var rows = suppressions.list(call.principal().team(), origin.orElse(null), page);
        return Answer.ok(page.list(rows.stream().map(SuppressionBody::of).toList()));
    }

    private Answer get(Call call) {
        String key = call.parameter("id");
        var team = call.principal().team();
        var entry =
                key.indexOf('@') < 0
                        ? suppressions.find(team, id(key))
                        : suppressions.find(team, folded("id", key));
        return Answer.ok(
                SuppressionBody.of(entry.orElseThrow(() -> ApiException.notFound("Suppression"))));
    }

    private Answer remove(Call call) {
        String key = call.parameter("id");
        var team = call.principal().team();
        var removed = store.write(tx -> remove(tx, team, key));
        return Answer.ok(
                Removed.of(removed.orElseThrow(() -> ApiException.notFound("Suppression"))));
    }

    private Answer addBatch(Call call) {
        var addresses =
                batch("emails", call.body().strings("emails")).stream()
                        .map(email -> folded("emails", email))
                        .toList();
        var team = call.principal().team();
        var added =
                store.write(tx -> {
                    var all = new ArrayList<Added>();
                    for (String address : addresses) {
                        all.add(Added.of(suppressions.add(tx, team, address, Origin.MANUAL, null)));
                    }
                    return all;
                });
        return Answer.created(new Batch<>(added));
    }

    private Answer removeBatch(Call call) {
        var body = call.body();
        var emails = body.strings("emails");
        var ids = body.strings("ids");
        if (emails.isEmpty() == ids.isEmpty()) {
            throw ApiException.validation("Use either `emails` or `ids`, with 1 to 100 entries.");
        }
        var keys =
                emails.isEmpty()
                        ? batch("ids", ids)
                        : batch("emails", emails).stream()
                                .map(email -> folded("emails", email))
                                .toList();
        var team = call.principal().team();
        var removed =
                store.write(tx -> {
                    var all = new ArrayList<Removed>();
                    for (String key : keys) {
                        remove(tx, team, key).map(Removed::of).ifPresent(all::add);
                    }
                    return all;
                });
        return Answer.ok(new Batch<>(removed));
    }

    private Optional<Suppression> remove(Tx tx, TeamId team, String key) {
        return key.indexOf('@') < 0
                ? suppressions.remove(tx, team, id(key))
                : suppressions.remove(tx, team, folded("id", key));
    }

    private static List<String> batch(String field, List<String> entries) {
        if (entries.isEmpty()) {
            throw ApiException.missingField(field);
        }
        if (entries.size() > MAX_BATCH) {
            throw ApiException.validation(
                    "The `" + field + "` field can have at most " + MAX_BATCH + " entries.");
        }
        return entries;
    }

    private static SuppressionId id(String text) {
        return SuppressionId.parse(text).orElseThrow(() -> ApiException.invalidId("id"));
    }

    private static String folded(String field, String email) {
        try {
            return Mailbox.parse(email).folded();
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. The email address needs to follow the `email@example.com`"
                            + " format.");
        }
    }

    private static Origin origin(String text) {
        for (var origin : Origin.values()) {
            if (origin.apiName().equals(text)) {
                return origin;
            }
        }
        throw ApiException.validation(
                "Invalid `origin` parameter. It must be one of: bounce, complaint, manual.");
    }

    record Added(String object, UUID id) {
        static Added of(Suppression entry) {
            return new Added("suppression", entry.id().value());
        }
    }

    record Removed(String object, UUID id, boolean deleted) {
        static Removed of(Suppression entry) {
            return new Removed("suppression", entry.id().value(), true);
        }
    }

    record Batch<T>(List<T> data) {}
}
