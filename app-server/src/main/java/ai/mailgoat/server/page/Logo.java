package ai.mailgoat.server.page;

import ai.mailgoat.server.http.ApiException;
import java.nio.charset.StandardCharsets;

/// A picture that browsers show and that can hold nothing that runs.
///
/// @param type its media type
record Logo(String type, byte[] octets) {
    static final int MAX_OCTETS = 512 * 1024;

    /// @throws ApiException 422 unless it is a PNG, JPEG, GIF or WebP file of a fitting size
    static Logo of(byte[] octets) {
        if (octets.length > MAX_OCTETS) {
            throw ApiException.validation("The logo must have at most 512 KB.");
        }
        return new Logo(type(octets), octets);
    }

    private static String type(byte[] octets) {
        if (has(octets, 0, "\u0089PNG\r\n\u001a\n")) {
            return "image/png";
        }
        if (has(octets, 0, "\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (has(octets, 0, "GIF87a") || has(octets, 0, "GIF89a")) {
            return "image/gif";
        }
        if (has(octets, 0, "RIFF") && has(octets, 8, "WEBP")) {
            return "image/webp";
        }
        throw ApiException.validation("The logo must be a PNG, JPEG, GIF or WebP image.");
    }

    private static boolean has(byte[] octets, int at, String mark) {
        byte[] wanted = mark.getBytes(StandardCharsets.ISO_8859_1);
        return octets.length >= at + wanted.length
                && java.util.Arrays.equals(
                        octets, at, at + wanted.length, wanted, 0, wanted.length);
    }
}
