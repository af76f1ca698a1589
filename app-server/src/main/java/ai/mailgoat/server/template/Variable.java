package ai.mailgoat.server.template;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.ApiException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;

/// A declared variable of a template.
///
/// @param fallback stands in when a mail has no value for it; `null` when there must be one
record Variable(
        UUID id,
        String key,
        Type type,
        @Nullable JsonNode fallback,
        Instant createdAt,
        Instant updatedAt) {
    static final int MAX_VALUE = 2_000;

    /// The largest whole number that every JSON reader gets right, 2^53 - 1.
    private static final double MAX_NUMBER = 9_007_199_254_740_991d;

    private static final Pattern NUMBER_AS_TEXT = Pattern.compile("-?\\d{1,16}(\\.\\d{1,16})?");

    enum Type {
        STRING,
        NUMBER,
        BOOLEAN,
        OBJECT,
        LIST;

        /// As the API has it.
        String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Variable {
        if (fallback != null && fallback.isNull()) {
            fallback = null;
        }
    }

    /// A number that came as a string, as from a command line, which has nothing else to send; any
    /// other value as it is.
    JsonNode typed(JsonNode value) {
        return type == Type.NUMBER
                        && value.isString()
                        && NUMBER_AS_TEXT.matcher(value.stringValue()).matches()
                ? DecimalNode.valueOf(new BigDecimal(value.stringValue()))
                : value;
    }

    /// The text that stands for `value` in a mail. A string variable takes a number too; objects
    /// and lists are written as JSON, for templates have no logic to take them apart.
    ///
    /// @param what names the value in the message
    /// @throws ApiException 422 when it is of another type or too large
    static String text(String what, Type type, JsonNode value) {
        return switch (type) {
            case STRING ->
                    value.isNumber() ? number(what, value) : string(what, value, value.isString());
            case NUMBER -> {
                if (!value.isNumber()) {
                    throw wrongType(what, type);
                }
                yield number(what, value);
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw wrongType(what, type);
                }
                yield Boolean.toString(value.booleanValue());
            }
            case OBJECT -> json(what, type, value, value.isObject());
            case LIST -> json(what, type, value, value.isArray());
        };
    }

    private static String string(String what, JsonNode value, boolean fits) {
        if (!fits) {
            throw wrongType(what, Type.STRING);
        }
        return bounded(what, value.stringValue());
    }

    private static String json(String what, Type type, JsonNode value, boolean fits) {
        if (!fits) {
            throw wrongType(what, type);
        }
        return bounded(what, Json.mapper().writeValueAsString(value));
    }

    private static String bounded(String what, String text) {
        if (text.length() > MAX_VALUE) {
            throw ApiException.validation(
                    what + " must have at most " + MAX_VALUE + " characters.");
        }
        return text;
    }

    // As a double, whatever was written: 1e999999999 must not be written out.
    private static String number(String what, JsonNode value) {
        double number = value.numberValue().doubleValue();
        if (!(Math.abs(number) <= MAX_NUMBER)) {
            throw ApiException.validation(
                    what + " must be a number between -(2^53 - 1) and 2^53 - 1.");
        }
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static ApiException wrongType(String what, Type type) {
        return ApiException.validation(what + " must be of type `" + type.apiName() + "`.");
    }
}
