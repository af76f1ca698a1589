package ai.mailgoat.server.unsubscribe;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.unsubscribe.Unsubscribes.Choose;
import ai.mailgoat.server.unsubscribe.Unsubscribes.Resume;
import ai.mailgoat.server.unsubscribe.Unsubscribes.Stop;
import ai.mailgoat.server.unsubscribe.Unsubscribes.StopAll;
import ai.mailgoat.server.unsubscribe.Unsubscribes.View;
import ai.mailgoat.server.unsubscribe.Unsubscribes.Wish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/unsubscribe/{token}`: looking at it changes nothing, since programs that check links look at
/// them, too. Only a POST acts: a mail program's (RFC 8058), or one of the page's own forms.
public final class UnsubscribeRoutes {
    private static final String PATH = "/unsubscribe/{token}";
    private static final byte[] DONE = "Unsubscribed.\n".getBytes(StandardCharsets.US_ASCII);

    private final Unsubscribes unsubscribes;
    private final Pages pages;

    public UnsubscribeRoutes(Unsubscribes unsubscribes, Pages pages) {
        this.unsubscribes = unsubscribes;
        this.pages = pages;
    }

    public void register(Endpoints endpoints) {
        endpoints.get(PATH, Access.PUBLIC, this::show).post(PATH, Access.PUBLIC, this::act);
    }

    private Answer show(Call call) {
        return page(call, unsubscribes.view(call.parameter("token")), "");
    }

    private Answer act(Call call) {
        String token = call.parameter("token");
        var fields = call.fields();
        if (isOneClick(fields)) {
            return unsubscribes.unsubscribe(token)
                    ? Answer.octets("text/plain; charset=utf-8", DONE)
                            .with("cache-control", "private, no-store")
                    : pages.of(call).nothingHere();
        }
        String action = fields.getOrDefault("action", List.of("")).getLast();
        var wish = wish(action, fields);
        if (wish.isEmpty()) {
            var sheet = pages.of(call);
            return unsubscribes.view(token).isEmpty()
                    ? sheet.nothingHere()
                    : sheet.notice(400, "unsubscribe.unclear.title", "unsubscribe.unclear.text");
        }
        return page(call, unsubscribes.change(token, wish.get()), action);
    }

    private static boolean isOneClick(Map<String, List<String>> fields) {
        return fields.getOrDefault("List-Unsubscribe", List.of()).contains("One-Click");
    }

    private static Optional<Wish> wish(String action, Map<String, List<String>> fields) {
        return Optional.ofNullable(
                switch (action) {
                    case "stop" -> new Stop();
                    case "stop-all" -> new StopAll();
                    case "resume" -> new Resume();
                    case "choose" ->
                            new Choose(
                                    fields.getOrDefault("topic", List.of()).stream()
                                            .flatMap(id -> Uuids.parse(id).stream())
                                            .collect(Collectors.toSet()));
                    default -> null;
                });
    }

    /// @param done the action that was just taken, or empty
    private Answer page(Call call, Optional<View> view, String done) {
        return view.map(v -> new UnsubscribePage(pages.of(call, v.team()), v, done).answer())
                .orElseGet(() -> pages.of(call).nothingHere());
    }
}
