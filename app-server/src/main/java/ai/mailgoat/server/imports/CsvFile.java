package ai.mailgoat.server.imports;

import ai.mailgoat.server.imports.ImportOptions.Columns;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A CSV file (RFC 4180), read row by row in constant memory. In UTF-8, or what its byte order mark
/// says. Its separator is the first of comma, semicolon and tab with which the header has the
/// column of the addresses.
final class CsvFile implements AutoCloseable {
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
    private static final int MAX_FIELD = 100_000;
    private static final int MAX_ROW = 1_000_000;
    private static final int MAX_COLUMNS = 1_000;

    private final CloseableIterator<CsvRecord> rows;
    private final List<String> header;

    private CsvFile(CloseableIterator<CsvRecord> rows, List<String> header) {
        this.rows = rows;
        this.header = header;
    }

    /// The file cannot be imported, or not further; the message is for who sent it.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /// Opens a file behind its header.
    ///
    /// @param named columns that must be there, beside that of the addresses
    /// @throws Unreadable when it is empty or lacks a column
    static CsvFile open(Path path, Columns columns, Set<String> named) {
        Unreadable first = null;
        for (char separator : SEPARATORS) {
            try {
                var file = open(path, separator);
                if (file.header.contains(columns.email())) {
                    return file.checked(columns, named);
                }
                file.close();
            } catch (Unreadable e) {
                // With quotes one separator may read what another cannot.
                first = first == null ? e : first;
            }
        }
        throw first != null
                ? first
                : new Unreadable(
                        "The CSV file has no column `"
                                + columns.email()
                                + "`, which is to have the email addresses.");
    }

    /// Names of the columns, in order.
    List<String> header() {
        return header;
    }

    /// @throws Unreadable when a row is too large or its quotes have no end
    boolean hasNext() {
        try {
            return rows.hasNext();
        } catch (CsvParseException | UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    List<String> next() {
        try {
            return rows.next().getFields();
        } catch (CsvParseException | UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CsvFile checked(Columns columns, Set<String> named) {
        try {
            check(columns, named);
            return this;
        } catch (Unreadable e) {
            close();
            throw e;
        }
    }

    private void check(Columns columns, Set<String> named) {
        if (header.stream().anyMatch(name -> name.indexOf('\uFFFD') >= 0)) {
            throw new Unreadable("The header of the CSV file is not UTF-8.");
        }
        for (String name : named) {
            if (!header.contains(name)) {
                throw new Unreadable("The CSV file has no column `" + name + "`.");
            }
        }
        var used = new java.util.HashSet<>(columns.properties().values());
        used.addAll(
                List.of(
                        columns.email(),
                        columns.firstName(),
                        columns.lastName(),
                        columns.unsubscribed()));
        for (String name : used) {
            if (header.indexOf(name) != header.lastIndexOf(name)) {
                throw new Unreadable("The CSV file has the column `" + name + "` twice.");
            }
        }
    }

    private static CsvFile open(Path path, char separator) {
        CsvReader<CsvRecord> reader;
        try {
            reader =
                    CsvReader.builder()
                            .fieldSeparator(separator)
                            .detectBomHeader(true)
                            .skipEmptyLines(false)
                            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .allowUnclosedQuote(false)
                            .trimWhitespacesAroundQuotes(true)
                            .maxBufferSize(2 * MAX_FIELD)
                            .build(
                                    CsvRecordHandler.builder()
                                            .maxFields(MAX_COLUMNS)
                                            .maxFieldSize(MAX_FIELD)
                                            .maxRecordSize(MAX_ROW)
                                            .build(),
                                    path,
                                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var rows = reader.iterator();
        try {
            if (!rows.hasNext()) {
                throw new Unreadable("The CSV file is empty.");
            }
            return new CsvFile(rows, rows.next().getFields().stream().map(String::strip).toList());
        } catch (CsvParseException | UncheckedIOException e) {
            close(rows);
            throw unreadable(e);
        } catch (Unreadable e) {
            close(rows);
            throw e;
        }
    }

    private static void close(CloseableIterator<CsvRecord> rows) {
        try {
            rows.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Unreadable unreadable(RuntimeException e) {
        return new Unreadable(
                "The CSV file cannot be read: "
                        + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
    }
}
