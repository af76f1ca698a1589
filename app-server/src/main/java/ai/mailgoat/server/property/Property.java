package ai.mailgoat.server.property;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A property that contacts of a team may have.
///
/// @param key unique in the team
/// @param fallback what stands for a contact that has no value: a `String` or a `Number`
public record Property(
        UUID id, String key, Type type, @Nullable Object fallback, Instant createdAt) {

    /// Characters of a value at most.
    public static final int MAX_TEXT = 1_000;

    /// 2^53 - 1: beyond it JSON's readers disagree.
    private static final double MAX_NUMBER = 9_007_199_254_740_991.0;

    private static final int MAX_DIGITS = 40;
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,16}");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

    /// What kind of value a property has.
    public enum Type {
        STRING("a string of at most " + MAX_TEXT + " characters, without control characters"),
        NUMBER("a number between -9007199254740991 and 9007199254740991");

        private final String expected;

        Type(String expected) {
            this.expected = expected;
        }

        /// As it stands in the API.
        public String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What a value must be, for a message.
        public String expected() {
            return expected;
        }

        /// Whether a contact can have this value.
        public boolean fits(@Nullable Object value) {
            return switch (this) {
                case STRING -> value instanceof String text && isText(text);
                case NUMBER -> value instanceof Number number && isInRange(number.doubleValue());
            };
        }

        /// Reads a value from text, as a CSV file has it.
        ///
        /// @return empty when it does not fit
        public Optional<Object> read(String text) {
            return Optional.<Object>ofNullable(this == STRING ? text : number(text.strip()))
                    .filter(this::fits);
        }
    }

    /// A JSON value as a `String`, a `Long` or a `Double`; empty for anything but strings and
    /// numbers.
    public static Optional<Object> value(JsonNode node) {
        if (node.isString()) {
            return Optional.of(node.stringValue());
        }
        if (!node.isNumber()) {
            return Optional.empty();
        }
        var number = node.numberValue();
        boolean isWhole =
                node.isIntegralNumber()
                        && !(number instanceof BigInteger big && big.bitLength() > 63);
        return Optional.of(isWhole ? (Object) number.longValue() : (Object) number.doubleValue());
    }

    private static @Nullable Number number(String text) {
        if (WHOLE.matcher(text).matches()) {
            return Long.valueOf(text);
        }
        return text.length() <= MAX_DIGITS && DECIMAL.matcher(text).matches()
                ? Double.valueOf(text)
                : null;
    }

    private static boolean isInRange(double number) {
        return Math.abs(number) <= MAX_NUMBER;
    }

    private static boolean isText(String text) {
        return text.length() <= MAX_TEXT
                && text.codePoints()
                        .allMatch(c ->
                                c == '\n'
                                        || c == '\r'
                                        || c == '\t'
                                        || !Character.isISOControl(c)
                                                && Character.getType(c) != Character.SURROGATE);
    }
}
