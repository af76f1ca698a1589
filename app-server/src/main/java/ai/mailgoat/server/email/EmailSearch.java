package ai.mailgoat.server.email;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.email.EmailSearchStore.Slice;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Finds mails without an index of its own, since each index makes accepting mail slower. It goes
/// through the team's mails in the order of their ids, a slice at a time: between two slices the
/// reader's thread is free for others. Ids are made in the order of time, so dates bound the
/// slices.
final class EmailSearch {
    private static final int SLICE = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// An id is made a moment after its mail's time; more when the clock was set back.
    private static final Duration SLACK = Duration.ofMinutes(1);

    private static final UUID FIRST = new UUID(0, 0);
    private static final UUID LAST = new UUID(-1, -1);

    private final Store store;
    private final EmailSearchStore rows = new EmailSearchStore();
    private final int slice;
    private final Duration patience;

    EmailSearch(Store store) {
        this(store, SLICE, PATIENCE);
    }

    /// @param slice mails looked at in one read
    /// @param patience how long one search may take
    EmailSearch(Store store, int slice, Duration patience) {
        this.store = store;
        this.slice = slice;
        this.patience = patience;
    }

    /// @param rows at most one more than the page holds, in the direction travelled
    /// @param isWhole whether all mails were looked at that had to be
    record Found(List<EmailRow> rows, boolean isWhole) {}

    /// @throws ApiException 422 when nothing was found in the time a search may take
    Found find(TeamId team, EmailFilter filter, Page page) {
        long end = System.nanoTime() + patience.toNanos();
        var found = new ArrayList<EmailRow>();
        var rest = bounds(filter, page);
        boolean older = page.before() == null;
        while (found.size() <= page.limit()) {
            var range = rest;
            int wanted = page.limit() + 1 - found.size();
            var piece =
                    store.read(tx -> {
                        var edge = rows.edge(tx, team, range, older, slice);
                        var part = edge.map(e -> range.upTo(e, older)).orElse(range);
                        return new Piece(rows.select(tx, team, filter, part, older, wanted), edge);
                    });
            found.addAll(piece.rows());
            if (piece.edge().isEmpty()) {
                return new Found(found, true);
            }
            rest = range.from(piece.edge().get(), older);
            if (found.size() <= page.limit() && System.nanoTime() > end) {
                return cutShort(found);
            }
        }
        return new Found(found, true);
    }

    private record Piece(List<EmailRow> rows, Optional<UUID> edge) {}

    private static Found cutShort(List<EmailRow> found) {
        if (found.isEmpty()) {
            throw ApiException.validation(
                    "No email was found in the time a search may take. Bound it with `created_after` and"
                            + " `created_before`.");
        }
        return new Found(found, false);
    }

    private static Slice bounds(EmailFilter filter, Page page) {
        var low = filter.createdAfter().map(Uuids::first).orElse(FIRST);
        var high = filter.createdBefore().map(t -> Uuids.first(t.plus(SLACK))).orElse(LAST);
        if (page.after() != null && Uuids.compare(page.after(), high) < 0) {
            high = page.after();
        }
        if (page.before() != null && Uuids.compare(page.before(), low) > 0) {
            low = page.before();
        }
        return new Slice(low, high);
    }
}
