package ai.mailgoat.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The program's version. Uses nothing that takes time to load: no picocli, no JSON mapper.
public final class Version {
    private Version() {}

    /// As in the pom: a test compares the two.
    public static String number() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("version.txt is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the whole command line is `version`, `--version` or `-V`, perhaps with `--json`.
    public static boolean isAsked(String... args) {
        var words = List.of(args);
        return !words.isEmpty()
                && List.of("version", "--version", "-V").contains(words.getFirst())
                && words.stream().skip(1).allMatch("--json"::equals);
    }

    /// Prints it to standard output.
    public static void print(String... args) {
        System.out.println(List.of(args).contains("--json") ? json() : "mailgoat " + number());
    }

    static String json() {
        return "{\"name\":\"mailgoat\",\"version\":\""
                + number()
                + "\",\"java\":\""
                + Runtime.version()
                + "\",\"os\":\""
                + plain(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                + "\"}";
    }

    private static String plain(String text) {
        return text.replace('"', '\'').replace('\\', '/');
    }
}
