package ai.mailgoat.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.AbstractRequestContext;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.RequestContext;

/// The body of an upload as `multipart/form-data` (RFC 7578): one file, which is streamed, and
/// small fields beside it.
public final class Form {
    private static final int MAX_PARTS = 50;
    private static final int MAX_PART_HEADER = 4 * 1024;
    private static final int MAX_FIELD = 64 * 1024;
    private static final String MULTIPART = "multipart/form-data";

    private final Map<String, String> fields;

    private Form(Map<String, String> fields) {
        this.fields = fields;
    }

    /// Takes the content of the file while it is read.
    public interface Taker {
        /// @throws IOException when `content` cannot be read; what else fails is another exception
        void take(InputStream content) throws IOException;
    }

    /// Reads it all.
    ///
    /// @param file name of the part that is the file; it must be there, once
    /// @throws ApiException 422 when it is no such form, or lacks the file
    static Form read(Path body, String contentType, String file, Taker taker) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith(MULTIPART)) {
            throw ApiException.validation("The request body must be " + MULTIPART + ".");
        }
        var fields = new HashMap<String, String>();
        boolean taken = false;
        try {
            var parts = new Parts(contentType).getItemIterator(body);
            for (int i = 0; parts.hasNext(); i++) {
                var part = parts.next();
                if (i == MAX_PARTS) {
                    throw ApiException.validation(
                            "The form has more than " + MAX_PARTS + " parts.");
                }
                if (!file.equals(part.getFieldName())) {
                    field(part, fields);
                } else if (taken) {
                    throw ApiException.validation("The form has more than one `" + file + "`.");
                } else {
                    taken = true;
                    try (var content = part.getInputStream()) {
                        taker.take(content);
                    }
                }
            }
        } catch (IOException e) {
            throw malformed();
        }
        if (!taken) {
            throw ApiException.missingField(file);
        }
        return new Form(fields);
    }

    /// The text of a field, unless absent or blank.
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name)).filter(text -> !text.isBlank());
    }

    private static void field(FileItemInput part, Map<String, String> fields) throws IOException {
        String name = part.getFieldName();
        if (name == null) {
            throw malformed();
        }
        try (var content = part.getInputStream()) {
            byte[] octets = content.readNBytes(MAX_FIELD + 1);
            if (octets.length > MAX_FIELD) {
                throw ApiException.validation(
                        "A field of the form has more than " + MAX_FIELD + " bytes.");
            }
            fields.put(
                    name,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            throw ApiException.validation("A field of the form is not UTF-8.");
        }
    }

    private static ApiException malformed() {
        return ApiException.validation("The request body is not well-formed " + MULTIPART + ".");
    }

    /// The library's reader of parts, on a file instead of a request of some server.
    private static final class Parts
            extends AbstractFileUpload<Path, DiskFileItem, DiskFileItemFactory> {
        private final String contentType;

        Parts(String contentType) {
            this.contentType = contentType;
            setMaxPartHeaderSize(MAX_PART_HEADER);
            setHeaderCharset(StandardCharsets.UTF_8);
        }

        @Override
        public FileItemInputIterator getItemIterator(Path body)
                throws FileUploadException, IOException {
            return super.getItemIterator(context(body));
        }

        @Override
        public Map<String, List<DiskFileItem>> parseParameterMap(Path body)
                throws FileUploadException {
            return super.parseParameterMap(context(body));
        }

        @Override
        public List<DiskFileItem> parseRequest(Path body) throws FileUploadException {
            return super.parseRequest(context(body));
        }

        private RequestContext context(Path body) {
            return new AbstractRequestContext<>(name -> "-1", () -> -1, body) {
                @Override
                public String getCharacterEncoding() {
                    return StandardCharsets.UTF_8.name();
                }

                @Override
                public Charset getCharset() {
                    return StandardCharsets.UTF_8;
                }

                @Override
                public String getContentType() {
                    return contentType;
                }

                @Override
                public InputStream getInputStream() throws IOException {
                    return Files.newInputStream(getRequest());
                }
            };
        }
    }
}
