package ai.mailgoat.common.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON mapper. Records are written with snake_case names and with their nulls; unknown
/// fields are ignored.
public final class Json {

    /// Deep enough for any request there is, shallow enough that a hostile one cannot exhaust a
    /// stack.
    private static final int MAX_DEPTH = 64;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(64 * 1024 * 1024)
                                                    .maxNameLength(10_000)
                                                    .build())
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    /// The mapper itself, for what the two methods below do not cover.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// @throws tools.jackson.core.JacksonException when it is not one JSON document
    public static JsonNode tree(byte[] json) {
        return MAPPER.readTree(json);
    }

    /// @throws tools.jackson.core.JacksonException when it is not one JSON document, or does not
    ///   fit `type`
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
