package ai.mailgoat.server.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Postfix's `smtp-sink -c`, a process for each address. It prints its counters after each event,
/// `sess=1 quit=0 mesg=17` and a carriage return; the last `mesg` is the count.
final class ProgramSink implements Sink {
    private final List<Process> processes = new ArrayList<>();
    private final List<AtomicLong> counts = new ArrayList<>();

    private ProgramSink() {}

    static ProgramSink start(Path program, List<String> addresses, int port) throws IOException {
        var sink = new ProgramSink();
        for (String address : addresses) {
            var command = new ArrayList<>(List.of(program.toString(), "-c"));
            if ("root".equals(System.getProperty("user.name"))) {
                // It refuses to run as root.
                command.addAll(List.of("-u", "nobody"));
            }
            command.addAll(List.of(address + ":" + port, "1000"));
            var process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            var count = new AtomicLong();
            sink.processes.add(process);
            sink.counts.add(count);
            Thread.ofPlatform()
                    .name("smtp-sink-counters")
                    .daemon()
                    .start(() -> follow(process.getInputStream(), count));
        }
        return sink;
    }

    private static void follow(InputStream in, AtomicLong count) {
        var buffer = new byte[64 * 1024];
        var line = new StringBuilder();
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    char c = (char) (buffer[i] & 0x7f);
                    if (c != '\r' && c != '\n') {
                        line.append(c);
                        continue;
                    }
                    int at = line.indexOf("mesg=");
                    if (at >= 0) {
                        count.set(Long.parseLong(line.substring(at + 5).strip()));
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            // The process has ended: so has the count.
            return;
        }
    }

    @Override
    public long messages() {
        return counts.stream().mapToLong(AtomicLong::get).sum();
    }

    @Override
    public String name() {
        return "smtp-sink";
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
