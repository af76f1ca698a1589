package ai.mailgoat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.config.ConfigFile;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.reference.ApiDocument;
import ai.mailgoat.server.reference.ApiDocument.Operation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is served is described, and what is described is served.
class DescribedRoutesTest {
    @Test
    void theDocumentHasTheRoutesThereAre(@TempDir Path data) {
        var described = new TreeMap<String, Access>();
        for (var operation : ApiDocument.load("test").operations()) {
            if (!operation.path().isEmpty()) {
                described.put(name(operation.method(), operation.path()), access(operation));
            }
        }
        var served = new TreeMap<String, Access>();
        try (var appliance = Appliance.open(config(data))) {
            appliance
                    .endpoints()
                    .all()
                    .forEach(e -> served.put(name(e.method(), e.path()), e.access()));
        }
        assertEquals(String.join("\n", lines(served)), String.join("\n", lines(described)));
    }

    private static Iterable<String> lines(Map<String, Access> routes) {
        return routes.entrySet().stream().map(r -> r.getKey() + " " + r.getValue()).toList();
    }

    private static String name(String method, String path) {
        return path.replaceAll("\\{[^}]*}", "{}") + " " + method;
    }

    private static Access access(Operation operation) {
        if (operation.isPublic()) {
            return Access.PUBLIC;
        }
        return operation.isForSending() ? Access.SENDING : Access.FULL;
    }

    private static Config config(Path data) {
        return ConfigFile.load(Optional.empty(), Map.of("MAILGOAT_DATA__DIR", data.toString()));
    }
}
