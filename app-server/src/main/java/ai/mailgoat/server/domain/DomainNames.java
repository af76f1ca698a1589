package ai.mailgoat.server.domain;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.MalformedAddressException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which names may be registered, and how names look from the registrable domain.
final class DomainNames {

    /// Sends for everybody, leaves never.
    static final MailDomain RESERVED = MailDomain.parse("mailgoat.test");

    /// Programs written for Resend try out with `onboarding@resend.dev`.
    static final MailDomain RESERVED_ALIAS = MailDomain.parse("resend.dev");

    /// Labels under which country registries sell names. Enough to show a name as its DNS provider
    /// does; nothing depends on it, since every record also carries its exact name.
    private static final Set<String> REGISTRY_LABELS =
            Set.of(
                    "co", "com", "org", "net", "gov", "edu", "ac", "ne", "or", "go", "ltd", "plc",
                    "me");

    /// Of these, the ones that nobody but a registry holds. Claiming one would fail at DNS anyway.
    private static final Set<String> NEVER_OWNED = Set.of("co", "com", "org", "net", "gov", "edu");

    /// Leaves room below it for the longest label of a record (RFC 1035, 2.3.4: 253 characters).
    private static final int MAX_LENGTH = 253 - 64;

    private static final Pattern LABEL = Pattern.compile("[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private DomainNames() {}

    /// A name that a team may register.
    ///
    /// @throws ApiException when it is no domain name, a public suffix, or reserved
    static MailDomain registrable(String text) {
        MailDomain name;
        try {
            name = MailDomain.parse(text.strip());
        } catch (MalformedAddressException e) {
            throw ApiException.validation("The `name` field must be a valid domain name.");
        }
        if (name.ascii().length() > MAX_LENGTH) {
            throw ApiException.validation(
                    "The `name` field can have at most " + MAX_LENGTH + " characters.");
        }
        if (name.isWithin(RESERVED) || name.isWithin(RESERVED_ALIAS)) {
            throw ApiException.forbidden("The " + name + " domain is reserved.");
        }
        var labels = labels(name);
        if (labels.size() == 2
                && labels.getLast().length() == 2
                && NEVER_OWNED.contains(labels.getFirst())) {
            throw ApiException.validation(
                    "The "
                            + name
                            + " domain is a public suffix. Please add a domain that you own.");
        }
        return name;
    }

    /// The label of a return path, in lower case.
    ///
    /// @throws ApiException when it is not a label that starts with a letter
    static String returnPathLabel(String text) {
        return label("custom_return_path", text);
    }

    /// @throws ApiException as {@link #returnPathLabel}
    static String trackingLabel(String text) {
        return label("tracking_subdomain", text);
    }

    private static String label(String field, String text) {
        String label = text.toLowerCase(Locale.ROOT);
        if (!LABEL.matcher(label).matches()) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. It must have at most 63 characters, start with a letter,"
                            + " end with a letter or number, and contain only letters, numbers,"
                            + " and hyphens.");
        }
        return label;
    }

    /// `prefix` below `domain`, as seen from the registrable domain: `send.mail` for `send` below
    /// `mail.acme.com`. An empty prefix is the domain itself, whose full name stands where nothing
    /// would be left.
    static String relative(String prefix, MailDomain domain) {
        var labels = labels(domain);
        int registrable = registrableLabels(labels);
        var below = labels.subList(0, Math.max(0, labels.size() - registrable));
        String parent = String.join(".", below);
        if (prefix.isEmpty()) {
            return parent.isEmpty() ? domain.ascii() : parent;
        }
        return parent.isEmpty() ? prefix : prefix + "." + parent;
    }

    private static int registrableLabels(List<String> labels) {
        int n = labels.size();
        boolean registry =
                n >= 3
                        && labels.getLast().length() == 2
                        && REGISTRY_LABELS.contains(labels.get(n - 2));
        return registry ? 3 : 2;
    }

    private static List<String> labels(MailDomain name) {
        return Arrays.asList(name.ascii().split("\\."));
    }
}
