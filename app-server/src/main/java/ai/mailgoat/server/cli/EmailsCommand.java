package ai.mailgoat.server.cli;

import ai.mailgoat.common.client.MailGoatClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "emails", description = "E-mails that were sent: list, get, cancel.")
final class EmailsCommand extends Noun {
    EmailsCommand(Context context) {
        super(new List(context), new Get(context), new Cancel(context));
    }

    @Command(name = "list", description = "The newest e-mails, with what last happened to each.")
    static final class List extends ClientCommand {
        @Option(names = "--limit", description = "1 to 100; default 20")
        private int limit = 20;

        @Option(names = "--after", paramLabel = "ID", description = "older than this one")
        private @Nullable String after;

        List(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return get(
                    client,
                    "/emails?limit="
                            + limit
                            + (after == null ? "" : "&after=" + MailGoatClient.segment(after)));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            showList(answer, terminal, "id", "created_at", "last_event", "to", "subject");
        }
    }

    @Command(name = "get", description = "One e-mail.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Get(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return get(client, path("emails", id));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line(
                    terminal.dim("%-14s".formatted("to"))
                            + " "
                            + answer.path("to").valueStream().map(JsonNode::asString).toList());
            showFields(answer, terminal);
        }
    }

    @Command(name = "cancel", description = "Calls back an e-mail that is scheduled.")
    static final class Cancel extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Cancel(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return post(client, path("emails", id) + "/cancel", null);
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line("cancelled " + answer.path("id").asString(id));
        }
    }
}
