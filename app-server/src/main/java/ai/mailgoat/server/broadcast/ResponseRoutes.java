package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.broadcast.ResponseStore.LinkRow;
import ai.mailgoat.server.broadcast.ResponseStore.RecipientRow;
import ai.mailgoat.server.broadcast.Responses.Recipient;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/broadcasts/{id}/recipients` and `/broadcasts/{id}/clicked-links`.
public final class ResponseRoutes {
    private final Responses responses;

    public ResponseRoutes(Responses responses) {
        this.responses = responses;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/broadcasts/{id}/recipients", Access.FULL, this::recipients)
                .get("/broadcasts/{id}/clicked-links", Access.FULL, this::links);
    }

    private Answer recipients(Call call) {
        var id = call.uuid("id");
        var response = Response.read(call);
        String address = call.query("email").map(e -> e.toLowerCase(Locale.ROOT)).orElse(null);
        var page = call.page(ResponseRoutes::ordinal);
        var found =
                responses.recipients(call.principal().team(), id, response, address, page).stream()
                        .map(recipient -> RecipientBody.of(response.type(), recipient))
                        .toList();
        return Answer.ok(page.list(found));
    }

    private Answer links(Call call) {
        var id = call.uuid("id");
        var page = call.page();
        var all = responses.links(call.principal().team(), id);
        return Answer.ok(page.cut(all, link -> linkId(id, link), link -> LinkBody.of(id, link)));
    }

    // Recipients have no ids, and are known by their place in the audience.
    private static Optional<UUID> ordinal(String cursor) {
        return cursor.matches("[0-9]{1,18}")
                ? Optional.of(new UUID(0, Long.parseLong(cursor)))
                : Optional.empty();
    }

    private static UUID linkId(UUID broadcast, LinkRow link) {
        return UUID.nameUUIDFromBytes((broadcast + link.url()).getBytes(StandardCharsets.UTF_8));
    }

    /// @param count how often, of those that opened or clicked
    private record RecipientBody(
            String id,
            UUID contactId,
            String email,
            @Nullable UUID emailId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer count,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String bounceType,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ClicksBody> clickedLinks) {

        static RecipientBody of(Response.Type type, Recipient recipient) {
            var row = recipient.row();
            boolean clicked = type == Response.Type.CLICKED;
            return new RecipientBody(
                    Long.toString(row.ordinal()),
                    row.contact(),
                    row.address(),
                    row.email(),
                    howOften(type, row),
                    type == Response.Type.BOUNCED ? row.bounceType() : null,
                    clicked
                            ? recipient.links().stream()
                                    .map(link -> new ClicksBody(link.url(), link.clicks()))
                                    .toList()
                            : null);
        }
    }

    private static @Nullable Integer howOften(Response.Type type, RecipientRow row) {
        return switch (type) {
            case OPENED -> Integer.valueOf(row.opens());
            case CLICKED -> Integer.valueOf(row.clicks());
            default -> null;
        };
    }

    private record ClicksBody(String url, long clicks) {}

    private record LinkBody(UUID id, String url, long clicks, long uniqueClicks) {
        static LinkBody of(UUID broadcast, LinkRow link) {
            return new LinkBody(linkId(broadcast, link), link.url(), link.clicks(), link.unique());
        }
    }
}
