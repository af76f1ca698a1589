package ai.mailgoat.server.email;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.smtp.HeaderText;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An attachment as it was asked for: octets, or a URL to fetch them from.
///
/// @param content decoded, or `null` when `path` is given
record AttachmentRequest(
        String filename,
        String contentType,
        @Nullable String contentId,
        byte @Nullable [] content,
        Optional<URI> path) {

    private static final int MAX_ATTACHMENTS = 100;
    private static final int MAX_FILENAME = 255;
    private static final String UNNAMED = "attachment";

    /// RFC 2045, 5.1: type "/" subtype, with parameters such as `method=REQUEST` of a calendar
    /// part.
    private static final Pattern CONTENT_TYPE =
            Pattern.compile(
                    "[\\w!#$&^.+-]{1,100}/[\\w!#$&^.+-]{1,100}( *; *[\\w.-]{1,50}=(\"[\\w !#$%&'()*+,./:<=>?@\\[\\]^{|}~-]{0,200}\"|[\\w!#$%&'*+.^{|}~-]{1,200}))*");

    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n\\t ]+");

    /// RFC 2392: what stands in a `cid:` URL.
    private static final Pattern CONTENT_ID = Pattern.compile("[A-Za-z0-9._@+=$!#%&*~^-]{1,128}");

    static List<AttachmentRequest> all(JsonBody body) {
        var objects = body.objects("attachments");
        if (objects.size() > MAX_ATTACHMENTS) {
            throw ApiException.validation(
                    "Too many `attachments`: the maximum is " + MAX_ATTACHMENTS + ".");
        }
        var all = new ArrayList<AttachmentRequest>();
        for (var object : objects) {
            all.add(read(object));
        }
        return all;
    }

    private static AttachmentRequest read(JsonBody body) {
        var content = body.node("content");
        var path = body.string("path").filter(p -> !p.isEmpty());
        if (content.isEmpty() && path.isEmpty()) {
            throw new ApiException(
                    422,
                    "invalid_attachment",
                    "Attachment must have either a `content` or `path`.");
        }
        var url = content.isPresent() ? Optional.<URI>empty() : path.map(AttachmentRequest::url);
        String filename =
                body.string("filename")
                        .filter(f -> !f.isBlank())
                        .or(() -> url.map(AttachmentRequest::lastSegment))
                        .orElse(UNNAMED);
        if (filename.length() > MAX_FILENAME || !HeaderText.isSafe(filename)) {
            throw ApiException.validation(
                    "Invalid attachment `filename`: at most 255 characters, no line breaks or control characters.");
        }
        // Rust's client writes contentType, older Node and Go ones inline_content_id.
        String type =
                body.string("content_type")
                        .or(() -> body.string("contentType"))
                        .filter(t -> !t.isEmpty())
                        .orElseGet(() -> typeOf(filename));
        if (!CONTENT_TYPE.matcher(type).matches()) {
            throw ApiException.validation("Invalid attachment `content_type`.");
        }
        var contentId =
                body.string("content_id")
                        .or(() -> body.string("inline_content_id"))
                        .filter(c -> !c.isEmpty());
        if (contentId.isPresent() && !CONTENT_ID.matcher(contentId.get()).matches()) {
            throw ApiException.validation("Invalid attachment `content_id`.");
        }
        return new AttachmentRequest(
                filename,
                type,
                contentId.orElse(null),
                content.map(AttachmentRequest::octets).orElse(null),
                url);
    }

    /// Content comes as Base64 text, as an array of octets, or as Node's
    /// `{"type":"Buffer","data":[…]}`.
    private static byte[] octets(JsonNode content) {
        if (content.isString()) {
            try {
                // Not the MIME decoder: it would drop what is no Base64, and so change the file.
                return Base64.getDecoder().decode(inOneLine(withoutDataUri(content.stringValue())));
            } catch (IllegalArgumentException e) {
                throw badContent();
            }
        }
        var array = content.isObject() ? content.path("data") : content;
        if (!array.isArray()) {
            throw badContent();
        }
        var octets = new byte[array.size()];
        for (int i = 0; i < octets.length; i++) {
            var item = array.get(i);
            if (!item.isInt() || item.intValue() < -128 || item.intValue() > 255) {
                throw badContent();
            }
            octets[i] = (byte) item.intValue();
        }
        return octets;
    }

    private static String withoutDataUri(String text) {
        int comma = text.startsWith("data:") ? text.indexOf(";base64,") : -1;
        return comma < 0 ? text : text.substring(comma + ";base64,".length());
    }

    private static String inOneLine(String base64) {
        return base64.indexOf('\n') < 0 && base64.indexOf(' ') < 0
                ? base64
                : LINE_ENDS.matcher(base64).replaceAll("");
    }

    private static ApiException badContent() {
        return new ApiException(
                422,
                "invalid_attachment",
                "Attachment `content` must be a Base64 string, an array of bytes or a Node Buffer.");
    }

    private static URI url(String path) {
        try {
            var uri = new URI(path);
            String scheme = uri.getScheme();
            if (uri.getHost() != null
                    && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw badPath();
        }
        throw badPath();
    }

    private static ApiException badPath() {
        return new ApiException(
                422, "invalid_attachment", "Attachment `path` must be an http or https URL.");
    }

    private static String lastSegment(URI uri) {
        String path = uri.getPath();
        String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        return last.isBlank() ? UNNAMED : last;
    }

    private static String typeOf(String filename) {
        var type = URLConnection.guessContentTypeFromName(filename);
        return type == null ? "application/octet-stream" : type;
    }
}
