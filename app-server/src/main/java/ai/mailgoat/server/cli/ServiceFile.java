package ai.mailgoat.server.cli;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// `service.json` in the data directory: where the service that runs there listens, so that other
/// commands find it also when its ports were chosen freely. There only while it runs, or after a
/// crash.
///
/// @param api base URL of the public API
/// @param admin base URL of the admin API
record ServiceFile(String api, String admin, long pid) {

    static Optional<ServiceFile> read(Path dataDir) {
        try {
            return Optional.of(Json.read(Files.readAllBytes(file(dataDir)), ServiceFile.class));
        } catch (IOException | JacksonException e) {
            // No service, or one that died while it wrote this: the configuration tells as well.
            return Optional.empty();
        }
    }

    void write(Path dataDir) {
        try {
            Path temporary = dataDir.resolve("service.json.new");
            Files.write(temporary, Json.bytes(this));
            Files.move(
                    temporary,
                    file(dataDir),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.general("cannot write " + file(dataDir) + ": " + e.getMessage(), e);
        }
    }

    static void remove(Path dataDir) throws IOException {
        Files.deleteIfExists(file(dataDir));
    }

    private static Path file(Path dataDir) {
        return dataDir.resolve("service.json");
    }
}
