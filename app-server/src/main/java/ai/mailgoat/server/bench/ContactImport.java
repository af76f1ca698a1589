package ai.mailgoat.server.bench;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Imports new contacts from one CSV file, as a client would, and waits until it is done.
public final class ContactImport {
    private static final String BOUNDARY = "mailgoat-bench";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private ContactImport() {}

    /// @param seconds from the first octet of the file to the import's end
    /// @param status `completed` when all went well
    public record Result(
            int rows, double seconds, String status, long created, long skipped, long failed) {

        public double perSecond() {
            return rows / seconds;
        }

        /// Whether each row became a contact.
        public boolean isRight() {
            return status.equals("completed") && created == rows && skipped == 0 && failed == 0;
        }
    }

    /// @param rows how many contacts, none of which is there already
    public static Result run(URI api, String key, int rows)
            throws IOException, InterruptedException {
        byte[] upload =
                Load.request(
                        api,
                        "POST",
                        "/contacts/imports",
                        key,
                        "multipart/form-data; boundary=" + BOUNDARY,
                        form(rows));
        try (var connection =
                new HttpConnection(new InetSocketAddress(api.getHost(), api.getPort()))) {
            long begun = System.nanoTime();
            String id = ask(connection, upload, 201).get("id").stringValue();
            byte[] look =
                    Load.request(
                            api, "GET", "/contacts/imports/" + id, key, "application/json", "");
            while (true) {
                var state = ask(connection, look, 200);
                String status = state.get("status").stringValue();
                boolean over = status.equals("completed") || status.equals("failed");
                long nanos = System.nanoTime() - begun;
                if (over || nanos > PATIENCE.toNanos()) {
                    var counts = state.get("counts");
                    return new Result(
                            rows,
                            nanos / 1e9,
                            status,
                            counts.get("created").longValue(),
                            counts.get("skipped").longValue(),
                            counts.get("failed").longValue());
                }
                Thread.sleep(Duration.ofMillis(50));
            }
        }
    }

    private static JsonNode ask(HttpConnection connection, byte[] request, int expected)
            throws IOException {
        if (connection.exchange(request) != expected) {
            throw new IOException("the import was refused: " + connection.answer());
        }
        String answer = connection.answer();
        return Json.tree(answer.substring(answer.indexOf('{')).getBytes(StandardCharsets.UTF_8));
    }

    private static String form(int rows) {
        var form = new StringBuilder(rows * 64);
        form.append("--" + BOUNDARY + "\r\n")
                .append(
                        "Content-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n")
                .append("Content-Type: text/csv\r\n\r\n")
                .append("email,first_name,last_name,unsubscribed\n");
        for (int i = 0; i < rows; i++) {
            form.append("new").append(i).append("@import.test,Ann,\"Lee, ").append(i);
            form.append("\",false\n");
        }
        return form.append("\r\n--" + BOUNDARY + "--\r\n").toString();
    }
}
