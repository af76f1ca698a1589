package ai.mailgoat.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/// The body of an upload as `multipart/form-data` (RFC 7578): one file, which is streamed, and
/// small fields beside it.
public final class Form {
    private static final int MAX_PARTS = 50;
    private static final int MAX_PART_HEADER = 4 * 1024;
    private static final int MAX_FIELD = 64 * 1024;
    private static final String MULTIPART = "multipart/form-data";
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
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
        var fields = new HashMap<String, List<String>>();
        boolean taken = read(() -> Files.newInputStream(body), contentType, file, taker, fields);
        if (!taken) {
            throw ApiException.missingField(file);
        }
        return new Form(fields);
    }

    /// The fields of a form without files, as browsers send it: `application/x-www-form-urlencoded`
    /// or `multipart/form-data`. A body of any other kind has none.
    ///
    /// @throws ApiException when it is of one of these kinds and malformed
    static Map<String, List<String>> fields(byte[] body, String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith(URL_ENCODED)) {
            return PercentCoding.query(new String(body, StandardCharsets.UTF_8));
        }
        var fields = new HashMap<String, List<String>>();
        if (type.startsWith(MULTIPART)) {
            read(() -> new ByteArrayInputStream(body), contentType, null, content -> {}, fields);
        }
        return fields;
    }

    /// @param file name of the part that is the file, `null` when all are fields
    /// @return whether there was a file
    private static boolean read(
            Source body,
            String contentType,
            @Nullable String file,
            Taker taker,
            Map<String, List<String>> fields) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith(MULTIPART)) {
            throw ApiException.validation("The request body must be " + MULTIPART + ".");
        }
        boolean taken = false;
        try {
            var parts = new Parts(contentType).getItemIterator(body);
            for (int i = 0; parts.hasNext(); i++) {
                var part = parts.next();
                if (i == MAX_PARTS) {
                    throw ApiException.validation(
                            "The form has more than " + MAX_PARTS + " parts.");
                }
                if (file == null || !file.equals(part.getFieldName())) {
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
        return taken;
    }

    /// The text of a field, unless absent or blank.
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name))
                .map(List::getLast)
                .filter(text -> !text.isBlank());
    }

    private static void field(FileItemInput part, Map<String, List<String>> fields)
            throws IOException {
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
            fields.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(octets))
                                    .toString());
        } catch (CharacterCodingException e) {
            throw ApiException.validation("A field of the form is not UTF-8.");
        }
    }

    private static ApiException malformed() {
        return ApiException.validation("The request body is not well-formed " + MULTIPART + ".");
    }

    /// Where the octets are.
    private interface Source {
        InputStream open() throws IOException;
    }

    /// The library's reader of parts, on octets instead of a request of some server.
    private static final class Parts
            extends AbstractFileUpload<Source, DiskFileItem, DiskFileItemFactory> {
        private final String contentType;

        Parts(String contentType) {
            this.contentType = contentType;
            setMaxPartHeaderSize(MAX_PART_HEADER);
            setHeaderCharset(StandardCharsets.UTF_8);
        }

        @Override
        public FileItemInputIterator getItemIterator(Source body)
                throws FileUploadException, IOException {
            return super.getItemIterator(context(body));
        }

        @Override
        public Map<String, List<DiskFileItem>> parseParameterMap(Source body)
                throws FileUploadException {
            return super.parseParameterMap(context(body));
        }

        @Override
        public List<DiskFileItem> parseRequest(Source body) throws FileUploadException {
            return super.parseRequest(context(body));
        }

        private RequestContext context(Source body) {
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
                    return getRequest().open();
                }
            };
        }
    }
}
