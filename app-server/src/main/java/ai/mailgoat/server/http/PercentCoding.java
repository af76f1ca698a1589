package ai.mailgoat.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Percent-encoding (RFC 3986, 2.1) of paths and queries. Broken encodings and encoded control
/// characters are refused, not repaired.
final class PercentCoding {

    /// More parameters than any route has; the rest is ignored.
    private static final int MAX_PARAMETERS = 200;

    private PercentCoding() {}

    /// A path segment; `+` is a plus.
    static String decodeSegment(String raw) {
        return raw.indexOf('%') < 0 ? raw : decode(raw);
    }

    /// All values of each parameter of a query, in order; `+` is a space, as forms write it.
    static Map<String, List<String>> query(String raw) {
        if (raw.isEmpty()) {
            return Map.of();
        }
        var all = new HashMap<String, List<String>>();
        for (String pair : raw.split("&", MAX_PARAMETERS)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            all.computeIfAbsent(decodeSegment(name.replace('+', ' ')), n -> new ArrayList<>())
                    .add(decodeSegment(value.replace('+', ' ')));
        }
        return all;
    }

    private static String decode(String raw) {
        var octets = ByteBuffer.allocate(raw.length() * 3);
        for (int i = 0; i < raw.length(); ) {
            char c = raw.charAt(i);
            if (c == '%') {
                octets.put(octet(raw, i));
                i += 3;
            } else {
                int next = raw.offsetByCodePoints(i, 1);
                octets.put(raw.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
            }
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw broken();
            }
            return text;
        } catch (CharacterCodingException e) {
            throw broken();
        }
    }

    private static byte octet(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw broken();
        }
        return (byte) (high << 4 | low);
    }

    private static ApiException broken() {
        return new ApiException(
                400, "validation_error", "The URL is not correctly percent-encoded.");
    }
}
