package ai.mailgoat.server.download;

import ai.mailgoat.server.store.BlobStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts the images that come with a mail into its HTML: each `cid:` URL (RFC 2392) of one becomes a
/// `data:` URL (RFC 2397).
public final class InlineImages {
    /// Where a URL begins in an attribute or in CSS.
    private static final Pattern CID =
            Pattern.compile("(?<=[\"'(=\\s])cid:([^\"'\\s)<>]{1,512})", Pattern.CASE_INSENSITIVE);

    private static final Pattern IMAGE = Pattern.compile("image/[\\w.+-]{1,100}");

    /// Octets of images that are put in, each counted as often as it is named; what is beyond stays
    /// as it is.
    private static final long MAX_OCTETS = 16L * 1024 * 1024;

    private final BlobStore blobs;

    public InlineImages(BlobStore blobs) {
        this.blobs = blobs;
    }

    /// @param files of the same mail; a `cid:` that names none of its images stays as it is
    public String embed(String html, List<StoredFile> files) {
        var images = images(files);
        if (images.isEmpty()) {
            return html;
        }
        long room = MAX_OCTETS;
        var urls = new HashMap<String, String>();
        var result = new StringBuilder(html.length());
        var matcher = CID.matcher(html);
        while (matcher.find()) {
            var image = images.get(decoded(matcher.group(1)));
            if (image == null || image.size() > room) {
                matcher.appendReplacement(result, Matcher.quoteReplacement(matcher.group()));
                continue;
            }
            room -= image.size();
            String url = urls.computeIfAbsent(image.blob(), _ -> dataUrl(image));
            matcher.appendReplacement(result, Matcher.quoteReplacement(url));
        }
        return matcher.appendTail(result).toString();
    }

    private String dataUrl(StoredFile image) {
        return "data:"
                + image.contentType()
                + ";base64,"
                + Base64.getEncoder().encodeToString(blobs.get(image.blob()));
    }

    private static Map<String, StoredFile> images(List<StoredFile> files) {
        var images = new HashMap<String, StoredFile>();
        for (var file : files) {
            if (file.contentId() != null && IMAGE.matcher(file.contentType()).matches()) {
                images.putIfAbsent(file.contentId(), file);
            }
        }
        return images;
    }

    private static String decoded(String cid) {
        try {
            // A plus is a plus here.
            return URLDecoder.decode(cid.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return cid;
        }
    }
}
