package ai.mailgoat.server.cli;

import ai.mailgoat.common.client.MailGoatClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// A command that makes one request of the public API and shows the answer.
abstract class ClientCommand implements Callable<Integer>, Output.Chooser {

    private final Context context;

    @Mixin private final Output output = new Output();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the service; default $MAILGOAT_URL, else http://127.0.0.1:8080")
    private @Nullable String url;

    ClientCommand(Context context) {
        this.context = context;
    }

    /// Makes the request.
    abstract JsonNode request(MailGoatClient client);

    /// Shows the answer to a person.
    abstract void show(JsonNode answer, Terminal terminal);

    @Override
    public final Integer call() {
        JsonNode answer;
        try (var client = context.client(url)) {
            answer = request(client);
        }
        return output.show(context.terminal(), answer, value -> show(value, context.terminal()));
    }

    @Override
    public final boolean wantsJson() {
        return output.isJson(context.terminal());
    }

    static JsonNode get(MailGoatClient client, String path) {
        return client.call("GET", path, null, Map.of());
    }

    static JsonNode post(MailGoatClient client, String path, @Nullable Object body) {
        return client.call("POST", path, body, Map.of());
    }

    static JsonNode delete(MailGoatClient client, String path) {
        return client.call("DELETE", path, null, Map.of());
    }

    /// `noun/id` with the id as one segment.
    static String path(String noun, String id) {
        return "/" + noun + "/" + MailGoatClient.segment(id);
    }

    static void showList(JsonNode answer, Terminal terminal, String... columns) {
        terminal.table(List.of(columns), answer.path("data"));
        if (answer.path("has_more").asBoolean(false)) {
            terminal.note("more: --after with the last id");
        }
    }

    /// `name value` for each scalar field.
    static void showFields(JsonNode answer, Terminal terminal) {
        for (var field : answer.properties()) {
            if (!field.getValue().isContainer() && !field.getValue().isNull()) {
                terminal.line(
                        terminal.dim("%-14s".formatted(field.getKey()))
                                + " "
                                + Terminal.printable(field.getValue().asString()));
            }
        }
    }
}
