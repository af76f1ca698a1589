package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.CreateApiKey;
import ai.mailgoat.common.client.MailGoatClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "keys", description = "API keys: list, create, revoke.")
final class KeysCommand extends Noun {
    KeysCommand(Context context) {
        super(new ListAll(context), new Create(context), new Revoke(context));
    }

    @Command(name = "list", description = "All keys, without their tokens.")
    static final class ListAll extends ClientCommand {
        ListAll(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return get(client, "/api-keys?limit=100");
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            showList(answer, terminal, "id", "name", "created_at", "last_used_at");
        }
    }

    @Command(name = "create", description = "Makes a key; its token is shown this once.")
    static final class Create extends ClientCommand {
        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--permission", description = "full_access (default) or sending_access")
        private @Nullable String permission;

        @Option(
                names = "--domain-id",
                paramLabel = "ID",
                description = "with sending_access: the one domain it may send from")
        private @Nullable String domainId;

        Create(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return post(client, "/api-keys", new CreateApiKey(name, permission, domainId));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line(answer.path("token").asString());
            terminal.note("shown this once; keep it safe");
        }
    }

    @Command(name = "revoke", description = "Makes a key worthless, now.")
    static final class Revoke extends ClientCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        Revoke(Context context) {
            super(context);
        }

        @Override
        JsonNode request(MailGoatClient client) {
            return delete(client, path("api-keys", id));
        }

        @Override
        void show(JsonNode answer, Terminal terminal) {
            terminal.line("revoked " + id);
        }
    }
}
