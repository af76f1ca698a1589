package ai.mailgoat.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The sample file and the reference say what the program does.
class ConfigReferenceTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SAMPLE = ROOT.resolve("sample-config/mailgoat.yaml");

    @Test
    void theSampleHoldsTheDefaults() {
        var environment = Map.of("HOME", "/home/goat");
        var none = Path.of("no-such-file");
        assertEquals(
                ConfigFile.load(Optional.empty(), environment, none, this::fail),
                ConfigFile.load(Optional.of(SAMPLE), environment, none, this::fail));
    }

    @Test
    void theSampleHoldsEveryKey() {
        var names = new KnownNames(ConfigKeys.all().stream().map(ConfigKey::name).toList());
        var found = YamlSettings.read(SAMPLE, names);
        for (var key : ConfigKeys.all()) {
            if (key.used()) {
                assertEquals(key.standard(), found.get(key.name()).text(), key.name());
            } else {
                assertFalse(found.containsKey(key.name()), key.name());
            }
        }
    }

    @Test
    void theReferenceHoldsEveryKey() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/configuration.md"));
        assertTrue(
                page.contains(ConfigKeys.reference()),
                "docs/configuration.md lacks this table:\n" + ConfigKeys.reference());
    }

    @Test
    void everyDefaultFitsItsKey() {
        for (var key : ConfigKeys.all()) {
            if (key.used()) {
                key.standardValue();
                assertTrue(key.meaning().endsWith("."), key.name());
            }
        }
    }

    private void fail(String warning) {
        throw new AssertionError(warning);
    }
}
