package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.CreateDomain;
import ai.mailgoat.common.client.MailGoatClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "domains", description = "Sending domains: list, get, create, verify, delete.")
final class DomainsCommand extends Noun {
    DomainsCommand(Context context) {
        super(
                new ListAll(context),
                new Get(context),
                new Create(context),
                new Verify(context),
                new Delete(context));
    }

    private static void showDomain(JsonNode domain, Terminal terminal) {
        showFields(domain, terminal);
        if (domain.path("records").isArray()) {
            terminal.line("");
            terminal.line("Publish these records in the zone, then `mailgoat domains verify`:");
            terminal.table(
                    List.of("record", "type", "name", "priority", "status", "value"),
                    domain.path("records"));
        }
    }

    private static void showFields(JsonNode domain, Terminal terminal) {
        ClientCommand.showFields(domain, terminal);
    }

    @Command(name = "list", description = "All domains.")
    static final class ListAll extends ClientCommand {
        ListAll(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return get(client, "/domains?limit=100");
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            showList(answer, terminal, "id", "name", "status", "created_at");
        }
    }

    @Command(name = "get", description = "One domain with its DNS records.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Get(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return get(client, path("domains", id));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            showDomain(answer, terminal);
        }
    }

    @Command(name = "create", description = "Adds a domain and shows the records to publish.")
    static final class Create extends ClientCommand {
        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(
                names = "--return-path",
                paramLabel = "LABEL",
                description = "label of the bounce domain; default send")
        private @Nullable String returnPath;

        Create(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return post(client, "/domains", new CreateDomain(name, returnPath));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            showDomain(answer, terminal);
        }
    }

    @Command(name = "verify", description = "Looks whether the records are published.")
    static final class Verify extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Verify(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return post(client, path("domains", id) + "/verify", null);
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line("looking; see `mailgoat domains get " + id + "` in a few seconds");
        }
    }

    @Command(name = "delete", description = "Removes a domain.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Delete(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return delete(client, path("domains", id));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line("deleted " + id);
        }
    }
}
