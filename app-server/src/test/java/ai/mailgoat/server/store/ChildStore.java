package ai.mailgoat.server.store;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A process of its own that writes rows for as long as it lives and prints the id of each once it
/// is acknowledged.
final class ChildStore implements AutoCloseable {
    private static final int WRITERS = 16;

    private final Process process;
    private final Path output;

    private ChildStore(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static ChildStore start(Path directory, String... more) throws IOException {
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildStore.class.getName(),
                                directory.toString()));
        command.addAll(List.of(more));
        Path output = Files.createTempFile("child-", ".txt");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        return new ChildStore(process, output);
    }

    /// Waits until `count` ids were acknowledged.
    void await(int count) throws IOException, InterruptedException {
        while (acknowledged().size() < count) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IOException("the child has ended with " + process.exitValue());
            }
        }
    }

    /// The ids acknowledged so far. The last line may have been cut off by the kill.
    List<Long> acknowledged() throws IOException {
        String text = Files.readString(output, StandardCharsets.US_ASCII);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.matches("[0-9]+"))
                .map(Long::valueOf)
                .toList();
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        Files.delete(output);
    }

    public static void main(String[] arguments) throws InterruptedException {
        var store = StoreTest.openStore(Path.of(arguments[0]));
        long base = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
        store.write(tx ->
                tx.update("CREATE TABLE IF NOT EXISTS thing (id BIGINT PRIMARY KEY, body BYTEA)"));
        PrintStream out = System.out;
        var threads = Executors.newFixedThreadPool(WRITERS);
        for (int i = 0; i < WRITERS; i++) {
            long first = base + i * 1_000_000L;
            threads.execute(() -> {
                for (long id = first; ; id++) {
                    long row = id;
                    store.write(tx ->
                            tx.update("INSERT INTO thing VALUES (?, ?)", row, new byte[2_000]));
                    synchronized (out) {
                        out.println(row);
                        out.flush();
                    }
                }
            });
        }
        Thread.currentThread().join();
    }
}
