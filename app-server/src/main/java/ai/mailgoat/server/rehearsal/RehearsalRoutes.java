package ai.mailgoat.server.rehearsal;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import java.util.List;
import java.util.UUID;

/// `/broadcasts/{id}/rehearse`.
public final class RehearsalRoutes {
    private static final int MAX_CONTACTS = 5;

    private final Rehearsals rehearsals;

    public RehearsalRoutes(Rehearsals rehearsals) {
        this.rehearsals = rehearsals;
    }

    public void register(Endpoints endpoints) {
        endpoints.post("/broadcasts/{id}/rehearse", Access.FULL, this::rehearse);
    }

    private Answer rehearse(Call call) {
        var id = call.uuid("id");
        return Answer.ok(rehearsals.rehearse(call.principal(), id, contacts(call.body())));
    }

    private static List<UUID> contacts(JsonBody body) {
        var ids =
                body.strings("contact_ids").stream()
                        .map(id ->
                                Uuids.parse(id)
                                        .orElseThrow(() -> ApiException.invalidId("contact_ids")))
                        .distinct()
                        .toList();
        if (ids.size() > MAX_CONTACTS) {
            throw ApiException.validation(
                    "The `contact_ids` field can name at most " + MAX_CONTACTS + " contacts.");
        }
        return ids;
    }
}
