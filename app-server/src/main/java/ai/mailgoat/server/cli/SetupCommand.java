package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.config.Config;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "setup",
        description = {
            "First run: an admin, an API key, a domain. Safe to repeat; before or beside `serve`."
        })
final class SetupCommand extends LocalCommand implements Output.Chooser {
    @Option(names = "--admin-email", paramLabel = "ADDRESS")
    private @Nullable String adminEmail;

    @Option(
            names = "--admin-password-file",
            paramLabel = "FILE",
            description = "its first line is the password; - reads standard input")
    private @Nullable String passwordFile;

    @Option(names = "--domain", description = "the first sending domain")
    private @Nullable String domain;

    @Mixin private final Output output = new Output();

    SetupCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        var config = quietConfig();
        var request = new SetupRequest(adminEmail, password(passwordFile), domain);
        return output.show(terminal(), setUp(config, request), this::show);
    }

    private SetupResult setUp(Config config, SetupRequest request) {
        var running = context().runningAdmin(config);
        if (running.isEmpty()) {
            return context().service().setup(config, request);
        }
        try (var admin = running.get()) {
            return admin.setup(request);
        }
    }

    private void show(SetupResult result) {
        if (result.admin() != null) {
            terminal().line("admin    " + result.admin());
        }
        if (result.apiKey() != null) {
            terminal()
                    .line("API key  " + terminal().bold(result.apiKey()) + "   (shown this once)");
        }
        var made = result.domain();
        if (made != null) {
            terminal().line("domain   " + made.name() + " (" + made.status() + ")");
            if (made.records() != null) {
                terminal().line("");
                terminal()
                        .line(
                                "Publish these records, then `mailgoat domains verify "
                                        + made.id()
                                        + "`:");
                terminal()
                        .table(
                                java.util.List.of("record", "type", "name", "priority", "value"),
                                Json.tree(Json.bytes(made.records())));
            }
        }
    }

    static char @Nullable [] password(@Nullable String file) {
        if (file == null) {
            return null;
        }
        byte[] octets;
        try {
            octets =
                    "-".equals(file) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new Failure(Exit.USAGE, "usage", "cannot read " + file, null, null, e);
        }
        try {
            var chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            int length = 0;
            while (length < chars.length()
                    && chars.charAt(length) != '\n'
                    && chars.charAt(length) != '\r') {
                length++;
            }
            if (length == 0) {
                throw Failure.usage("the first line of " + file + " is empty");
            }
            var password = new char[length];
            chars.get(password);
            return password;
        } catch (CharacterCodingException e) {
            throw new Failure(Exit.USAGE, "usage", file + " is not UTF-8", null, null, e);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    @Override
    public boolean wantsJson() {
        return output.isJson(terminal());
    }
}
