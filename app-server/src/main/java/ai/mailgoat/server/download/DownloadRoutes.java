package ai.mailgoat.server.download;

import ai.mailgoat.server.download.Downloads.Download;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.store.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// `/downloads/{token}`: the octets that a link names. What strangers have sent must not act in the
/// name of this host: it is saved, not shown, but for plain images.
public final class DownloadRoutes {
    private static final int PIECE = 64 * 1024;

    /// RFC 2045, 5.1, without parameters.
    private static final Pattern CONTENT_TYPE =
            Pattern.compile("[\\w!#$&^.+-]{1,100}/[\\w!#$&^.+-]{1,100}");

    /// Images that cannot hold a script.
    private static final Pattern SHOWN = Pattern.compile("image/(png|jpeg|gif|webp|avif|bmp)");

    private final Downloads downloads;
    private final BlobStore blobs;

    public DownloadRoutes(Downloads downloads, BlobStore blobs) {
        this.downloads = downloads;
        this.blobs = blobs;
    }

    public void register(Endpoints endpoints) {
        endpoints.get("/downloads/{token}", Access.PUBLIC, this::get);
    }

    private Answer get(Call call) {
        var download = downloads.read(call.parameter("token"));
        // Opened once before the answer begins: after its first octet there is no 404 any more.
        close(open(download));
        String type = bareType(download.contentType());
        return Answer.stream(type, out -> copy(download, out))
                .with("content-disposition", disposition(download, type))
                .with("x-content-type-options", "nosniff")
                .with("content-security-policy", "sandbox; default-src 'none'")
                .with("cache-control", "private");
    }

    private void copy(Download download, Answer.Out out) {
        try (var in = open(download)) {
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; ) {
                out.write(piece);
                piece = in.readNBytes(PIECE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(Download download) {
        return blobs.open(download.blob()).orElseThrow(() -> ApiException.notFound("File"));
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String bareType(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        return CONTENT_TYPE.matcher(type).matches()
                ? type.toLowerCase(java.util.Locale.ROOT)
                : "application/octet-stream";
    }

    private static String disposition(Download download, String type) {
        String how = download.inline() && SHOWN.matcher(type).matches() ? "inline" : "attachment";
        String name = download.filename();
        return name == null || name.isBlank() ? how : how + named(name);
    }

    // RFC 6266, 4.3: a name in ASCII for old readers, the whole one as RFC 8187 has it.
    private static String named(String name) {
        var plain = new StringBuilder();
        name.codePoints()
                .forEach(c ->
                        plain.append(
                                c < 0x20 || c > 0x7e || "\"\\/%".indexOf(c) >= 0 ? '_' : (char) c));
        return "; filename=\"" + plain + "\"; filename*=UTF-8''" + percentEncoded(name);
    }

    private static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    octet >= '0' && octet <= '9'
                            || octet >= 'a' && octet <= 'z'
                            || octet >= 'A' && octet <= 'Z'
                            || "-._~".indexOf(octet) >= 0;
            encoded.append(plain ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xff));
        }
        return encoded.toString();
    }
}
