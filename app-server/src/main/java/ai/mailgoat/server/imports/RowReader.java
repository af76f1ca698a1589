package ai.mailgoat.server.imports;

import ai.mailgoat.server.contact.ContactDraft;
import ai.mailgoat.server.contact.ContactRules;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.imports.ContactImport.RowError;
import ai.mailgoat.server.property.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes drafts out of the rows of a file. A blank field leaves what a contact has as it is.
final class RowReader {
    private static final int MAX_MESSAGE = 200;

    /// Characters of the drafts that are held together.
    private static final long MAX_HELD = 4_000_000;

    private final CsvFile file;
    private final ImportOptions options;
    private final ContactRules rules;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<Property, String> properties = new LinkedHashMap<>();
    private long row = 1;

    /// @param rules of the team; mapped properties that it no longer has are left out
    RowReader(CsvFile file, ImportOptions options, ContactRules rules) {
        this.file = file;
        this.options = options;
        this.rules = rules;
        for (int i = 0; i < file.header().size(); i++) {
            places.putIfAbsent(file.header().get(i), i);
        }
        options.columns()
                .properties()
                .forEach((key, column) -> {
                    var property = rules.properties().get(key);
                    if (property != null) {
                        properties.put(property, column);
                    }
                });
    }

    /// Rows that were read together.
    ///
    /// @param rows how many, blank ones too; 0 at the end of the file
    /// @param failure what keeps the file from being read further, or `null`
    record Batch(
            int rows, List<ContactDraft> drafts, List<RowError> errors, @Nullable String failure) {}

    /// Passes over rows that are settled already.
    void skip(long settled) {
        for (long i = 0; i < settled && file.hasNext(); i++) {
            file.next();
            row++;
        }
    }

    /// The next rows.
    ///
    /// @param max how many at most; fewer when they are large
    Batch next(int max) {
        var drafts = new ArrayList<ContactDraft>();
        var errors = new ArrayList<RowError>();
        int rows = 0;
        long held = 0;
        try {
            while (rows < max && held < MAX_HELD && file.hasNext()) {
                var fields = file.next();
                row++;
                rows++;
                if (fields.stream().allMatch(String::isBlank)) {
                    continue;
                }
                try {
                    drafts.add(draft(fields));
                    held += fields.stream().mapToLong(String::length).sum();
                } catch (ApiException e) {
                    errors.add(new RowError(row, cut(String.valueOf(e.getMessage()))));
                }
            }
        } catch (CsvFile.Unreadable e) {
            return new Batch(rows, drafts, errors, String.valueOf(e.getMessage()));
        }
        return new Batch(rows, drafts, errors, null);
    }

    private ContactDraft draft(List<String> fields) {
        int columns = file.header().size();
        if (fields.stream().skip(columns).anyMatch(field -> !field.isBlank())) {
            throw ApiException.validation(
                    "The row has " + fields.size() + " fields, the header has " + columns + ".");
        }
        if (fields.stream().anyMatch(field -> field.indexOf('\uFFFD') >= 0)) {
            throw ApiException.validation("The row is not UTF-8.");
        }
        var names = options.columns();
        String email = field(fields, names.email());
        if (email == null) {
            throw ApiException.missingField("email");
        }
        var draft =
                new ContactDraft(
                        email,
                        field(fields, names.firstName()),
                        field(fields, names.lastName()),
                        unsubscribed(field(fields, names.unsubscribed())),
                        properties(fields),
                        List.of(),
                        List.of());
        rules.check(draft);
        // Not checked: those that have gone since are left out when the draft is applied.
        return new ContactDraft(
                draft.email(),
                draft.firstName(),
                draft.lastName(),
                draft.unsubscribed(),
                draft.properties(),
                options.segments(),
                options.topics());
    }

    private Map<String, @Nullable Object> properties(List<String> fields) {
        var values = new HashMap<String, @Nullable Object>();
        properties.forEach((property, column) -> {
            String text = field(fields, column);
            if (text != null) {
                values.put(property.key(), value(property, text));
            }
        });
        return values;
    }

    private static Object value(Property property, String text) {
        return property.type()
                .read(text)
                .orElseThrow(() ->
                        ApiException.validation(
                                "The property `"
                                        + property.key()
                                        + "` must be "
                                        + property.type().expected()
                                        + "."));
    }

    private static @Nullable Boolean unsubscribed(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default ->
                    throw ApiException.validation(
                            "The `unsubscribed` field must be `true` or `false`.");
        };
    }

    /// Blanks around it do not count.
    private @Nullable String field(List<String> fields, String column) {
        var place = places.get(column);
        if (place == null || place >= fields.size() || fields.get(place).isBlank()) {
            return null;
        }
        return fields.get(place).strip();
    }

    private static String cut(String message) {
        return message.substring(0, Math.min(message.length(), MAX_MESSAGE));
    }
}
