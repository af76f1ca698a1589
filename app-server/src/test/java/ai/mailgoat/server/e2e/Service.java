package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// The service as its users have it: a process of its own, told by its environment, spoken to over
/// HTTP.
final class Service implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    private final Map<String, String> environment;
    private final Path dataDir;
    private final int port;
    private final int adminPort;
    private Process process;

    private Service(Path dataDir, Map<String, String> environment) throws IOException {
        this.dataDir = dataDir;
        this.port = freePort();
        this.adminPort = freePort();
        this.environment = new HashMap<>(environment);
        this.environment.put("MAILGOAT_DATA__DIR", dataDir.toString());
        this.environment.put("MAILGOAT_HTTP__PORT", String.valueOf(port));
        this.environment.put("MAILGOAT_ADMIN__PORT", String.valueOf(adminPort));
        this.environment.putIfAbsent("MAILGOAT_LIMITS__RATE_PER_SECOND", "0");
        this.environment.putIfAbsent("MAILGOAT_HOSTNAME", "mx.mailgoat.example");
    }

    /// @param dataDir kept between {@link #kill} and {@link #start}
    /// @param environment further `MAILGOAT_…` variables
    static Service on(Path dataDir, Map<String, String> environment) throws IOException {
        return new Service(dataDir, environment);
    }

    /// The environment of a service whose DNS and whose MX hosts are in this JVM.
    static Map<String, String> local(java.net.InetSocketAddress dns, int mxPort) {
        return Map.of(
                "MAILGOAT_DNS__RESOLVERS",
                "127.0.0.1:" + dns.getPort(),
                "MAILGOAT_DELIVERY__MX_PORT",
                String.valueOf(mxPort),
                "MAILGOAT_DELIVERY__ALLOW_PRIVATE",
                "true",
                "MAILGOAT_DELIVERY__RETRY",
                "2s,5s,10s");
    }

    /// Overrides a `MAILGOAT_…` variable for what is started next.
    void set(String variable, String value) {
        environment.put(variable, value);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    URI adminUrl() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    /// Runs a command to its end.
    ///
    /// @return its standard output
    String command(String... words) throws IOException, InterruptedException {
        var command = builder(words).start();
        String out = new String(command.getInputStream().readAllBytes());
        if (!command.waitFor(60, TimeUnit.SECONDS) || command.exitValue() != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + " ended with " + command.exitValue() + ": " + out);
        }
        return out;
    }

    /// What a command left that did not stay: its exit code and its standard error.
    record Ended(int exitCode, String errors) {}

    /// Runs a command that is expected to fail.
    Ended fail(String... words) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("mailgoat", ".err");
        try {
            var command =
                    builder(words)
                            .redirectError(errors.toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!command.waitFor(60, TimeUnit.SECONDS)) {
                command.destroyForcibly();
                throw new IllegalStateException(
                        String.join(" ", words) + " goes on: " + Files.readString(errors));
            }
            return new Ended(command.exitValue(), Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    /// Sets up with one domain.
    ///
    /// @return what `setup --json` printed
    JsonNode setup(String domain) throws IOException, InterruptedException {
        return Json.tree(command("setup", "--json", "--domain", domain).getBytes());
    }

    /// Starts it, and returns before it is ready.
    void launch() throws IOException {
        process = builder("serve").redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    Service start() throws IOException {
        process = builder("serve").start();
        // Its output is read to the end, or it would stop when the pipe is full.
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains("ready")) {
                Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
                return this;
            }
        }
        throw new IllegalStateException("serve ended without being ready; see " + log());
    }

    /// As a power button would.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// As a service manager would.
    ///
    /// @return the exit code
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("SIGTERM did not end the service within 30 s");
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return dataDir.resolve("test.log");
    }

    HttpResponse<String> post(String key, String path, Object body, String... headers)
            throws IOException, InterruptedException {
        return send(key, "POST", path, body, headers);
    }

    HttpResponse<String> send(
            String key, String method, String path, Object body, String... headers)
            throws IOException, InterruptedException {
        byte[] octets = body instanceof String s ? s.getBytes() : Json.bytes(body);
        var request =
                request(url().resolve(path), key)
                        .header("content-type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(octets));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String key, String path) throws IOException, InterruptedException {
        return HTTP.send(
                request(url().resolve(path), key).build(), HttpResponse.BodyHandlers.ofString());
    }

    String adminToken() throws IOException {
        return Files.readString(dataDir.resolve("admin.token"));
    }

    JsonNode admin(String path) throws IOException, InterruptedException {
        var answer =
                HTTP.send(
                        request(adminUrl().resolve(path), adminToken()).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.tree(answer.body().getBytes());
    }

    JsonNode adminPost(String path, Object body) throws IOException, InterruptedException {
        var request =
                request(adminUrl().resolve(path), adminToken())
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build();
        var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.tree(answer.body().getBytes());
    }

    /// Makes another team.
    ///
    /// @return a key of it
    String otherTeam(String name) throws IOException, InterruptedException {
        return adminPost("/v1/teams", Map.of("name", name))
                .get("api_key")
                .get("token")
                .stringValue();
    }

    /// Waits for something that must come to pass.
    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + atMost + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder(String... words) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path")));
        command.add("ai.mailgoat.server.Main");
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MAILGOAT_"));
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        return builder;
    }

    private static HttpRequest.Builder request(URI uri, String key) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer " + key)
                .header("user-agent", "mailgoat-tests");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
