package ai.mailgoat.server.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A `serve` in a process of its own, started the way this program was, and what the kernel counts
/// for it.
public final class ServiceProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 35;
    private static final Pattern READY = Pattern.compile("ready api=(\\S+)");

    private final Process process;
    private final URI api;

    private ServiceProcess(Process process, URI api) {
        this.process = process;
        this.api = api;
    }

    /// Returns when it takes traffic. Its log goes to `log`.
    ///
    /// @param config the file to give to `--config`
    /// @param overrides environment beyond this process's own
    public static ServiceProcess start(Path config, Map<String, String> overrides, Path log)
            throws IOException {
        var command = new ArrayList<>(launcher());
        command.addAll(List.of("serve", "--config", config.toString()));
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(ServiceProcess::isSetting);
        builder.environment().putAll(overrides);
        var process = builder.start();
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            var ready = READY.matcher(line);
            if (ready.lookingAt()) {
                return new ServiceProcess(process, URI.create(ready.group(1)));
            }
        }
        throw new IOException("the service did not start: " + lastLine(log));
    }

    public URI api() {
        return api;
    }

    /// CPU time so far, all threads, user and system; empty where there is no /proc.
    public OptionalLong cpuMillis() {
        return process.info()
                .totalCpuDuration()
                .map(cpu -> OptionalLong.of(cpu.toMillis()))
                .orElseGet(OptionalLong::empty);
    }

    /// Ends it as a crash would, without a chance to put anything in order.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// The most memory it ever had resident; empty where there is no /proc.
    public OptionalLong peakMegabytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            // No Linux: the report leaves the figure out.
            return OptionalLong.empty();
        }
    }

    /// Settings of the caller's own service must not reach this one; how to run Java may.
    private static boolean isSetting(String key) {
        return key.startsWith("MAILGOAT_") && !key.equals("MAILGOAT_JAVA_OPTS");
    }

    /// The launcher of the source tree, or of the installed image, or else this very JVM.
    private static List<String> launcher() {
        String script = System.getProperty("mailgoat.launcher");
        if (script != null) {
            return List.of(script);
        }
        String image = System.getProperty("jpackage.app-path");
        if (image != null) {
            return List.of(image);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "ai.mailgoat.server.Main");
    }

    private static String lastLine(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
