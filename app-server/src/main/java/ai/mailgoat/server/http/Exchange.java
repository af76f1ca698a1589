package ai.mailgoat.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of one request so far, while {@link ApiHandler} works on it. One thread only.
final class Exchange {
    final ServerRequest request;
    final RequestBody body;
    final String requestId;
    final Instant at;

    /// Of the answer, whatever it will be.
    final Map<String, String> headers = new LinkedHashMap<>();

    String path = "";
    String route = "";
    @Nullable Principal caller;
    byte[] content = RequestBody.NONE;
    UploadSpool.@Nullable Upload upload;
    boolean bodyRead;

    /// Whether nobody can tell where this request ends.
    boolean malformed;

    /// Whether the connection ends with this answer.
    boolean close;

    Exchange(ServerRequest request, RequestBody body, String requestId, Instant at) {
        this.request = request;
        this.body = body;
        this.requestId = requestId;
        this.at = at;
    }

    @Nullable Path uploadedFile() {
        return upload == null ? null : upload.file();
    }

    void discardUpload() {
        if (upload != null) {
            upload.close();
            upload = null;
        }
    }
}
