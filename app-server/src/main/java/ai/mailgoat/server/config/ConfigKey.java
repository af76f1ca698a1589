package ai.mailgoat.server.config;

/// One thing that can be set.
///
/// @param name as in the file, such as `delivery.mx-port`
/// @param standard the default, as one would write it; a list is comma-separated
/// @param meaning one sentence for the reference
/// @param used whether this version acts on it
record ConfigKey<T>(String name, String standard, ValueType<T> type, String meaning, boolean used) {
    private static final String PREFIX = "MAILGOAT_";

    /// The environment variable that overrides it: `MAILGOAT_DELIVERY__MX_PORT`.
    String variable() {
        return PREFIX
                + name.replace(".", "__").replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }

    T standardValue() {
        return type.parse(standard);
    }
}
