package ai.mailgoat.server.config;

import ai.mailgoat.server.config.Config.HostPort;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How the text of a value is read.
///
/// @param expectation completes "expected ..."
/// @param reader throws {@link IllegalArgumentException} for what it does not take
/// @param list whether the value is a list; its text is comma-separated
record ValueType<T>(String expectation, Function<String, T> reader, boolean list) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KB|MB|GB)?");

    // RFC 1123, 2.1: letters, digits and hyphens, 63 octets a label.
    private static final Pattern HOST =
            Pattern.compile(
                    "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    T parse(String text) {
        return reader.apply(text);
    }

    static ValueType<String> text(String expectation) {
        return new ValueType<>(
                expectation,
                text -> {
                    require(text.chars().noneMatch(Character::isISOControl));
                    return text;
                },
                false);
    }

    static ValueType<String> directory() {
        var text = text("a directory");
        return new ValueType<>(
                text.expectation(),
                path -> {
                    require(!path.isEmpty());
                    return text.parse(path);
                },
                false);
    }

    /// A host name or an address, or nothing.
    static ValueType<String> host() {
        return new ValueType<>(
                "a host name or an IP address",
                text -> {
                    if (!text.isEmpty() && !HOST.matcher(text).matches()) {
                        address(text);
                    }
                    return text;
                },
                false);
    }

    static ValueType<Integer> integer(int least, int most) {
        return new ValueType<>(
                "a whole number from " + least + " to " + most,
                text -> {
                    require(text.matches("[0-9]{1,9}"));
                    int value = Integer.parseInt(text);
                    require(value >= least && value <= most);
                    return value;
                },
                false);
    }

    static ValueType<Boolean> bool() {
        return new ValueType<>(
                "true or false",
                text -> {
                    require(text.equals("true") || text.equals("false"));
                    return text.equals("true");
                },
                false);
    }

    static ValueType<String> choice(String... choices) {
        return new ValueType<>(
                "one of " + String.join(", ", choices),
                text -> {
                    require(Arrays.asList(choices).contains(text));
                    return text;
                },
                false);
    }

    static <E extends Enum<E>> ValueType<E> constant(Class<E> type) {
        var names =
                Stream.of(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new);
        var choice = choice(names);
        return new ValueType<>(
                choice.expectation(),
                text -> Enum.valueOf(type, choice.parse(text).toUpperCase(Locale.ROOT)),
                false);
    }

    static ValueType<Duration> duration() {
        return new ValueType<>("a duration such as 30s, 5m, 12h or 5d", ValueType::duration, false);
    }

    /// In octets; a KB is 1,024 of them.
    static ValueType<Long> size() {
        return new ValueType<>(
                "a size such as 800KB or 25MB",
                text -> {
                    var matcher = SIZE.matcher(text);
                    require(matcher.matches());
                    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
                    int power = List.of("B", "KB", "MB", "GB").indexOf(unit);
                    long octets = Long.parseLong(matcher.group(1)) << 10 * power;
                    require(octets > 0);
                    return octets;
                },
                false);
    }

    /// An absolute `http` or `https` URL; a slash at its end is dropped.
    static ValueType<String> url() {
        return new ValueType<>(
                "a URL such as https://mail.example.com",
                text -> {
                    var uri = URI.create(text);
                    require(List.of("http", "https").contains(String.valueOf(uri.getScheme())));
                    require(uri.getHost() != null);
                    require(uri.getRawQuery() == null && uri.getRawFragment() == null);
                    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
                },
                false);
    }

    static ValueType<List<Duration>> durations() {
        return new ValueType<>(
                "a list of durations such as 5m, 1h",
                text -> {
                    var all = items(text).map(ValueType::duration).toList();
                    require(!all.isEmpty());
                    return all;
                },
                true);
    }

    /// `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:53`.
    static ValueType<List<HostPort>> resolvers() {
        return new ValueType<>(
                "a list of name servers such as 192.0.2.53:53",
                text -> items(text).map(item -> hostPort(item, 53)).toList(),
                true);
    }

    static ValueType<List<String>> networks() {
        return new ValueType<>(
                "a list of networks such as 10.0.0.0/8",
                text -> items(text).map(ValueType::network).toList(),
                true);
    }

    private static Stream<String> items(String text) {
        return Stream.of(text.split(",")).map(String::strip).filter(item -> !item.isEmpty());
    }

    private static Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        require(matcher.matches());
        long amount = Long.parseLong(matcher.group(1));
        var duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        require(duration.isPositive() && duration.compareTo(Duration.ofDays(3650)) < 0);
        return duration;
    }

    private static HostPort hostPort(String text, int standardPort) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean bareV6 = bracket < 0 && colon != text.indexOf(':');
        boolean hasPort = colon > bracket && !bareV6;
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[")) {
            require(host.endsWith("]"));
            host = host.substring(1, host.length() - 1);
            require(host.contains(":"));
        }
        require(!host.isEmpty());
        host().parse(host);
        int port = hasPort ? integer(1, 65_535).parse(text.substring(colon + 1)) : standardPort;
        return new HostPort(host, port);
    }

    private static String network(String text) {
        int slash = text.indexOf('/');
        require(slash > 0);
        var address = address(text.substring(0, slash));
        integer(0, address.getAddress().length * 8).parse(text.substring(slash + 1));
        return text;
    }

    // Never asks a name server.
    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException();
        }
    }
}
