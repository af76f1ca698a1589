package ai.mailgoat.server.rehearsal;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/// The links that an author wrote, before anything is put in for anybody: a link with a place in it
/// is another one for each reader, and following it might do something in that reader's name.
final class WrittenLinks {
    private static final Pattern IN_TEXT =
            Pattern.compile("https?://[^\\s<>\"]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern FORBIDDEN = Pattern.compile("[ <>\"\\\\^`{|}]");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*");

    /// What leads nowhere on the web, and need not.
    private static final Set<String> OTHERS =
            Set.of("mailto", "tel", "sms", "cid", "data", "geo", "webcal", "callto", "facetime");

    private static final int MAX_HTML = 1_000_000;
    private static final int MAX_LINKS = 1_000;

    /// To be followed.
    final List<URI> urls;

    /// Those that no mail reader can follow, as they were written.
    final List<String> broken;

    private WrittenLinks(Set<URI> urls, Set<String> broken) {
        this.urls = List.copyOf(urls);
        this.broken = List.copyOf(broken);
    }

    /// @param html of which the first million characters are read
    /// @param text looked at when there is no HTML
    static WrittenLinks of(@Nullable String html, @Nullable String text) {
        var urls = new LinkedHashSet<URI>();
        var broken = new LinkedHashSet<String>();
        for (String link : html == null ? inText(text) : inHtml(html)) {
            read(link.strip(), urls, broken);
        }
        return new WrittenLinks(urls, broken);
    }

    private static void read(String link, Set<URI> urls, Set<String> broken) {
        var scheme = SCHEME.matcher(link);
        String name = scheme.matches() ? scheme.group(1).toLowerCase(Locale.ROOT) : "";
        if (link.startsWith("#") || link.contains("{{{") || OTHERS.contains(name)) {
            return;
        }
        if (!name.equals("http") && !name.equals("https")) {
            broken.add(link);
            return;
        }
        try {
            int fragment = link.indexOf('#');
            String url = escaped(fragment < 0 ? link : link.substring(0, fragment));
            urls.add(new URI(withAsciiHost(url)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            broken.add(link);
        }
    }

    private static String withAsciiHost(String url) throws URISyntaxException {
        String authority = new URI(url).getRawAuthority();
        return authority == null ? url : url.replace(authority, IDN.toASCII(authority));
    }

    // Mail readers take these as they are; a URI must not have them (RFC 3986, 2).
    private static String escaped(String link) {
        return FORBIDDEN
                .matcher(link)
                .replaceAll(match -> "%%%02X".formatted((int) match.group().charAt(0)));
    }

    private static List<String> inHtml(String html) {
        var links = new ArrayList<String>();
        var document = Jsoup.parse(html.substring(0, Math.min(html.length(), MAX_HTML)));
        for (var element : document.select("a[href], area[href], img[src]")) {
            links.add(element.attr(element.hasAttr("href") ? "href" : "src"));
            if (links.size() == MAX_LINKS) {
                break;
            }
        }
        return links;
    }

    private static List<String> inText(@Nullable String text) {
        return text == null
                ? List.of()
                : IN_TEXT.matcher(text)
                        .results()
                        .limit(MAX_LINKS)
                        .map(match -> match.group().replaceAll("[.,;:!?)\\]]+$", ""))
                        .toList();
    }
}
