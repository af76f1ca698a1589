package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The script `mailgoat`, in a tree of its own: Java and Maven are small scripts that say how they
/// were called.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir private Path root;
    private Path tools;

    @BeforeEach
    void plant() throws IOException {
        // The usual places of the machine that runs this test must not help.
        String script =
                Files.readString(Path.of("../mailgoat"))
                        .replace("/usr/lib/jvm/", "/nowhere/")
                        .replace("/usr/java/", "/nowhere/")
                        .replace("/opt/", "/nowhere/")
                        .replace("/usr/local/", "/nowhere/")
                        .replace("/Library/Java/", "/nowhere/");
        program(root.resolve("mailgoat"), script);
        for (String module : List.of("app-common", "app-server")) {
            Files.createDirectories(root.resolve(module + "/src/main"));
            Files.writeString(root.resolve(module + "/pom.xml"), "");
        }
        Files.writeString(root.resolve("pom.xml"), "");
        tools = Files.createDirectory(root.resolve("tools"));
        maven("mkdir -p app-server/target/lib app-server/target/classes app-common/target/classes");
    }

    @Test
    void theJdkOfJavaHomeIsUsed() throws Exception {
        var ran = run(Map.of("JAVA_HOME", jdk("chosen", "25.0.3").toString()), "version");
        assertEquals(0, ran.exitCode, ran.err);
        assertTrue(ran.out.startsWith("chosen "), ran.out);
        assertTrue(ran.out.strip().endsWith("ai.mailgoat.server.Main version"), ran.out);
    }

    @Test
    void anOldJavaHomeIsPassedOverForOneThatFits() throws Exception {
        Path home = Files.createDirectory(root.resolve("home"));
        jdk("home/.jdks/old", "21.0.1");
        jdk("home/.jdks/right", "25");
        jdk("home/.jdks/newer", "27-ea");
        var ran =
                run(
                        Map.of(
                                "JAVA_HOME",
                                jdk("ancient", "1.8.0_442").toString(),
                                "HOME",
                                home.toString()),
                        "version");
        assertTrue(ran.out.startsWith("home/.jdks/right "), ran.out + ran.err);
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        var ran = run(Map.of("JAVA_HOME", jdk("old", "17.0.1").toString()), "version");
        assertEquals(1, ran.exitCode);
        assertTrue(ran.err.contains("needs a JDK 25"), ran.err);
        assertTrue(ran.err.contains("apt install"), ran.err);
    }

    @Test
    void itBuildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        var env = Map.of("JAVA_HOME", jdk("chosen", "25").toString());
        run(env, "version");
        run(env, "version");
        assertEquals(1, builds());
        Path source = root.resolve("app-server/src/main/New.java");
        Files.writeString(source, "");
        assertEquals(0, run(env, "version").exitCode);
        assertEquals(2, builds());
        Files.delete(source);
        run(env, "version");
        assertEquals(3, builds(), "a source that was removed is a change too");
    }

    @Test
    void aFailedBuildShowsMavensWordsAndRunsNothing() throws Exception {
        maven("echo '[ERROR] does not compile'; exit 1");
        var ran = run(Map.of("JAVA_HOME", jdk("chosen", "25").toString()), "version");
        assertEquals(1, ran.exitCode);
        assertEquals("", ran.out);
        assertTrue(ran.err.contains("[ERROR] does not compile"), ran.err);
    }

    @Test
    void javaOptionsAndArgumentsWithBlanksArrive() throws Exception {
        var env =
                Map.of(
                        "JAVA_HOME",
                        jdk("chosen", "25").toString(),
                        "MAILGOAT_JAVA_OPTS",
                        "-Da=1 -Db=2");
        var ran = run(env, "send", "--subject", "two words");
        assertTrue(ran.out.contains(" -Da=1 -Db=2 "), ran.out);
        assertTrue(ran.out.strip().endsWith("send --subject two words"), ran.out);
    }

    @Test
    void aLinkToTheScriptFindsItsTree() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("tools/link"), Path.of("../mailgoat"));
        var env = Map.of("JAVA_HOME", jdk("chosen", "25").toString());
        assertEquals(0, start(env, link, "version").exitCode);
    }

    @Test
    void theTestRunEndsWithTheCountOfTests() throws Exception {
        maven(
                "mkdir -p app-server/target/surefire-reports;"
                        + " printf '<testsuite xsi=\"x\" name=\"a\" tests=\"7\" errors=\"0\" skipped=\"2\" failures=\"0\">\\n'"
                        + " > app-server/target/surefire-reports/TEST-a.xml");
        var ran = run(Map.of("JAVA_HOME", jdk("chosen", "25").toString()), "test");
        assertEquals(0, ran.exitCode, ran.err);
        assertEquals(
                "mailgoat test: passed. Tests run: 7, Failures: 0, Errors: 0, Skipped: 2",
                ran.out.lines().toList().getLast());
    }

    @Test
    void fuzzRunsItsTestWithTheNumbersThatWereGiven() throws Exception {
        var env = Map.of("JAVA_HOME", jdk("chosen", "25").toString());
        var ran = run(env, "fuzz", "--seed", "7", "--calls", "900");
        assertEquals(0, ran.exitCode, ran.err);
        String maven = Files.readString(root.resolve("builds"));
        assertTrue(maven.contains(" -Dtest=FuzzTest "), maven);
        assertTrue(maven.contains(" -Dmailgoat.fuzz.calls=900 -Dmailgoat.fuzz.seed=7"), maven);
        assertEquals(1, run(env, "fuzz", "--seed", "x").exitCode);
        assertEquals(1, run(env, "fuzz", "--other", "1").exitCode);
        assertEquals(1, builds());
    }

    private record Ran(int exitCode, String out, String err) {}

    private Ran run(Map<String, String> env, String... words) throws Exception {
        return start(env, root.resolve("mailgoat"), words);
    }

    private Ran start(Map<String, String> env, Path script, String... words) throws Exception {
        var command = new java.util.ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(words));
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        var builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().putAll(env);
        var process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script hangs");
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private long builds() throws IOException {
        try (var lines = Files.lines(root.resolve("builds"))) {
            return lines.count();
        }
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = root.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), "#!/bin/sh\necho " + name + " \"$@\"\n");
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    private void maven(String does) throws IOException {
        program(
                tools.resolve("mvn"),
                "#!/bin/sh\ncd " + root + "\necho \"$@\" >> builds\n" + does + "\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
