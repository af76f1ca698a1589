package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What headless Chromium shall do: pages to look at, by phone and desktop, by day and night, and
/// forms to fill. With `-Dmailgoat.pictures=DIRECTORY` it leaves a picture of each page there.
final class Browser {
    private final List<Map<String, Object>> tasks = new ArrayList<>();

    /// Skips the test where there is no browser.
    static Browser assumeInstalled() throws InterruptedException {
        assumeTrue(chromium().isPresent(), "there is no Chromium: pages were not looked at");
        NodeClients.assumeInstalled("playwright-core");
        NodeClients.assumeInstalled("axe-core");
        return new Browser();
    }

    /// @param name of the pictures
    /// @param status the page must have
    Browser look(String name, String url, int status) {
        return look(name, url, status, "en-US");
    }

    /// @param locale of the reader
    Browser look(String name, String url, int status, String locale) {
        return look(name, url, status, locale, List.of());
    }

    /// Looks at what the last of some steps leads to.
    ///
    /// @param status that page must have
    Browser lookAfter(String name, String url, int status, Step... steps) {
        return look(name, url, status, "en-US", List.of(steps));
    }

    private Browser look(String name, String url, int status, String locale, List<Step> steps) {
        tasks.add(
                Map.of(
                        "name", name,
                        "url", url,
                        "status", status,
                        "locale", locale,
                        "steps", steps));
        return this;
    }

    /// One thing done on a page, and a text that must be seen after it.
    ///
    /// @param fill texts by the label of their field
    /// @param check labels of boxes
    /// @param uncheck labels of boxes
    /// @param click the words on a button, or empty
    record Step(
            Map<String, String> fill,
            List<String> check,
            List<String> uncheck,
            String click,
            String see) {

        static Step see(String text) {
            return new Step(Map.of(), List.of(), List.of(), "", text);
        }

        static Step click(String button, String see) {
            return new Step(Map.of(), List.of(), List.of(), button, see);
        }
    }

    /// Does the steps one after the other, once by desktop and once by phone, without scripts.
    Browser press(String url, Step... steps) {
        tasks.add(Map.of("url", url, "steps", List.of(steps)));
        return this;
    }

    /// As {@link #press}, for what can only be done once.
    ///
    /// @param window `desktop` or `phone`
    Browser pressOnce(String window, String url, Step... steps) {
        tasks.add(Map.of("window", window, "url", url, "steps", List.of(steps)));
        return this;
    }

    /// Does it all.
    ///
    /// @return how many pages were `opened`, and buttons `pressed`
    JsonNode run() throws IOException, InterruptedException {
        var environment = new HashMap<String, String>();
        environment.put("MAILGOAT_PAGES", new String(Json.bytes(tasks), StandardCharsets.UTF_8));
        environment.put("MAILGOAT_CHROMIUM", chromium().orElseThrow().toString());
        String pictures = System.getProperty("mailgoat.pictures", "");
        if (!pictures.isEmpty()) {
            environment.put("MAILGOAT_PICTURES", Path.of(pictures).toAbsolutePath().toString());
        }
        return NodeClients.run("pages.mjs", environment);
    }

    private static Optional<Path> chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }
}
