package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void theNumberIsThatOfThePom() throws IOException {
        String pom = Files.readString(Path.of("../pom.xml"));
        assertTrue(pom.contains("<version>" + Version.number() + "</version>"), Version.number());
    }

    @Test
    void jsonIsJsonAndTheSameFromBothWays() {
        var quick = Json.tree(Version.json().getBytes(StandardCharsets.UTF_8));
        assertEquals("mailgoat", quick.path("name").asString());
        assertEquals(Version.number(), quick.path("version").asString());
        assertEquals(quick, Typed.of(Map.of(), "version", "--json").json());
    }

    @Test
    void onlyPlainSpellingsTakeTheQuickWay() {
        assertTrue(Version.isAsked("version"));
        assertTrue(Version.isAsked("--version", "--json"));
        assertFalse(Version.isAsked());
        assertFalse(Version.isAsked("version", "--help"));
        assertFalse(Version.isAsked("emails", "version"));
    }
}
