package ai.mailgoat.server.http;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which part of a list is asked for. Lists run from the newest to the oldest; ids are ordered by
/// time, so the cursor is an id, and the page is the `limit` rows next to it.
///
/// @param after older rows than this one are wanted
/// @param before newer rows than this one are wanted
public record Page(int limit, @Nullable UUID after, @Nullable UUID before) {
    static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    /// Above every UUIDv7.
    private static final UUID NEWEST = new UUID(-1, -1);

    /// @param standard the limit when the call has none
    /// @param cursors reads an id as this list shows it
    static Page of(Call call, int standard, Function<String, Optional<UUID>> cursors) {
        int limit = call.query("limit").map(Page::limit).orElse(standard);
        var after = cursor(call, "after", cursors);
        var before = cursor(call, "before", cursors);
        if (after != null && before != null) {
            throw ApiException.validation("You can only use one of `after` or `before`, not both.");
        }
        return new Page(limit, after, before);
    }

    /// Answers a list as the API wants it.
    ///
    /// @param rows up to `limit + 1` rows in the direction travelled: newest first, or, for
    ///   `before`, oldest first
    public <T> ListBody<T> list(List<T> rows) {
        boolean more = rows.size() > limit;
        var page = more ? rows.subList(0, limit) : rows;
        return new ListBody<>("list", more, before == null ? List.copyOf(page) : page.reversed());
    }

    /// The page of a list that is small and whole, in its own order: `after` and `before` name the
    /// item next to it.
    ///
    /// @param id of an item; a cursor that names none gives an empty page
    public <T, U> ListBody<U> cut(List<T> all, Function<T, UUID> id, Function<T, U> view) {
        var ids = all.stream().map(id).toList();
        int from = after == null ? 0 : ids.indexOf(after) + 1;
        int to = before == null ? all.size() : ids.indexOf(before);
        boolean unknown = after != null && from == 0 || to < 0;
        var rest = unknown ? List.<T>of() : all.subList(from, to);
        boolean more = rest.size() > limit;
        int size = Math.min(rest.size(), limit);
        var page =
                before == null
                        ? rest.subList(0, size)
                        : rest.subList(rest.size() - size, rest.size());
        return new ListBody<>("list", more, page.stream().map(view).toList());
    }

    /// The SQL that continues a `WHERE`, for rows ordered by a UUIDv7; its parameters are {@link
    /// #parameters}.
    ///
    /// The first page has a cursor, too: without a bound on the last column H2 may take another
    /// index that begins with the first, such as the one it makes for a foreign key, and sort all
    /// rows there are.
    ///
    /// @param columns the columns of an index, the last of them the UUIDv7; the statement must fix
    ///   all others to one value. With all of them named H2 walks the index and stops after the
    ///   page; with the last alone it sorts all rows there are.
    public String sql(String... columns) {
        String order = before != null ? " ASC" : " DESC";
        return " AND "
                + columns[columns.length - 1]
                + (before != null ? " > ?" : " < ?")
                + " ORDER BY "
                + String.join(order + ", ", columns)
                + order
                + " FETCH FIRST "
                + (limit + 1)
                + " ROWS ONLY";
    }

    /// `first` and then the cursor: the parameters for a statement that ends in {@link #sql}.
    public Object[] parameters(Object... first) {
        var all = java.util.Arrays.copyOf(first, first.length + 1);
        all[first.length] = after != null ? after : before != null ? before : NEWEST;
        return all;
    }

    /// `{"object":"list","has_more":…,"data":[…]}`
    public record ListBody<T>(String object, boolean hasMore, List<T> data) {}

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit();
        }
        throw badLimit();
    }

    private static ApiException badLimit() {
        return ApiException.validation(
                "The pagination limit must be a number between 1 and 100. See https://resend.com/docs/pagination for more"
                        + " information.");
    }

    private static @Nullable UUID cursor(
            Call call, String name, Function<String, Optional<UUID>> cursors) {
        var text = call.query(name);
        if (text.isEmpty()) {
            return null;
        }
        return cursors.apply(text.get())
                .orElseThrow(() ->
                        ApiException.validation("The `" + name + "` cursor must be a valid UUID."));
    }
}
