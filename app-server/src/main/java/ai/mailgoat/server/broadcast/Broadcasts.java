package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The broadcasts of the teams, up to the moment when they are to be sent, and what their authors
/// can do from then on. Whoever sends them reads the status that is written here.
public final class Broadcasts {
    private static final String COPY = " (copy)";
    private static final String RETRY = " (Retry)";

    private final Store store;
    private final BroadcastStore rows = new BroadcastStore();
    private final SendChecks checks;
    private final Runnable wake;
    private final InstantSource clock;
    private final Uuids ids;

    /// @param wake tells whoever sends broadcasts that there may be something to do; called after
    ///   each commit that gives it some
    public Broadcasts(
            Store store,
            SendingDomains domains,
            Segments segments,
            Topics topics,
            Runnable wake,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        checks = new SendChecks(domains, segments, topics);
        this.wake = wake;
        this.clock = clock;
        this.ids = ids;
    }

    /// What is said of a broadcast that is not there.
    public static ApiException notFound() {
        return ApiException.notFound("Broadcast");
    }

    /// Makes a draft; sends or schedules it if the body says so.
    ///
    /// @throws ApiException for what is wrong with it; then there is no draft either
    UUID create(Principal caller, JsonBody body) {
        var now = now();
        var request = new BroadcastRequest(body);
        var draft = request.draft(ids.next(), caller.team(), now);
        var made = request.isToBeSent() ? launched(draft, request.scheduledAt(now), now) : draft;
        if (request.isToBeSent()) {
            checks.checkContent(caller, draft);
        }
        return store.write(tx -> {
            checks.checkAudience(tx, made);
            return insert(tx, made);
        });
    }

    /// Up to one more than the page holds.
    List<Broadcast.Summary> list(TeamId team, Page page) {
        return store.read(tx -> rows.list(tx, team, page));
    }

    /// @throws ApiException 404
    public Broadcast get(TeamId team, UUID id) {
        return store.read(tx -> find(tx, team, id));
    }

    /// Changes a draft. The pace can be changed as long as there is something to send.
    void update(TeamId team, UUID id, JsonBody body) {
        var request = new BroadcastRequest(body);
        change(
                team,
                id,
                (tx, broadcast) -> {
                    if (!request.isForPaceOnly() || isOver(broadcast)) {
                        checkDraft(broadcast, "changed");
                    }
                    var changed = request.changed(broadcast, now());
                    checks.checkChosen(tx, broadcast, changed);
                    return changed;
                });
    }

    /// Sends a draft, now or at the time that the body names.
    void send(Principal caller, UUID id, JsonBody body) {
        var at = new BroadcastRequest(body).scheduledAt(now());
        var read = get(caller.team(), id);
        checkDraft(read, "sent");
        checks.checkContent(caller, read);
        change(
                caller.team(),
                id,
                (tx, broadcast) -> {
                    checkDraft(broadcast, "sent");
                    if (!broadcast.content().equals(read.content())) {
                        throw new ApiException(
                                409,
                                "resource_locked",
                                "The broadcast was changed at the same moment. Try again.");
                    }
                    checks.checkAudience(tx, broadcast);
                    return launched(broadcast, at, now());
                });
    }

    /// Calls off what has not been sent yet. One that only was scheduled is a draft again.
    void cancel(TeamId team, UUID id) {
        change(
                team,
                id,
                (tx, broadcast) ->
                        switch (broadcast.status()) {
                            case SCHEDULED -> broadcast.at(Status.DRAFT, null, now());
                            case QUEUED ->
                                    broadcast.at(Status.CANCELED, broadcast.scheduledAt(), now());
                            case DRAFT, SENT, CANCELED, FAILED ->
                                    throw ApiException.validation(
                                            "The broadcast cannot be canceled: "
                                                    + state(broadcast)
                                                    + ".");
                        });
    }

    /// Stops a broadcast for a while. Once more changes nothing.
    void pause(TeamId team, UUID id) {
        pause(team, id, true, "paused");
    }

    /// Lets a paused one go on. Once more changes nothing.
    void resume(TeamId team, UUID id) {
        pause(team, id, false, "resumed");
    }

    /// @return the new draft
    UUID duplicate(TeamId team, UUID id) {
        return store.write(tx -> insert(tx, copy(find(tx, team, id), COPY)));
    }

    /// Deletes one that was not sent.
    void delete(TeamId team, UUID id) {
        store.write(tx -> {
            var broadcast = find(tx, team, id);
            if (broadcast.status() != Status.DRAFT && broadcast.status() != Status.SCHEDULED) {
                throw ApiException.validation(
                        "The broadcast cannot be deleted: " + state(broadcast) + ".");
            }
            return rows.delete(tx, team, id);
        });
    }

    /// Sends a broadcast again to those whom it did not reach. There is one retry of a broadcast;
    /// whom that does not reach either, a retry of the retry is for. So nobody gets it twice.
    ///
    /// @return the new broadcast, which is being sent
    UUID retry(Principal caller, UUID id) {
        var team = caller.team();
        var original = get(team, id);
        checkRetry(original);
        if (!store.read(tx -> rows.hasFailures(tx, id))) {
            throw ApiException.validation(
                    "The broadcast cannot be retried: it failed to reach nobody.");
        }
        var retry = launched(copy(original, RETRY).retrying(id), null, now());
        checks.checkContent(caller, retry);
        return store.write(tx -> {
            checkRetry(find(tx, team, id));
            rows.retry(tx, team, id)
                    .ifPresent(other -> {
                        throw ApiException.validation(
                                "The broadcast was retried already. Retry the broadcast "
                                        + other
                                        + " instead.");
                    });
            checks.checkAudience(tx, retry);
            return insert(tx, retry);
        });
    }

    private static void checkRetry(Broadcast broadcast) {
        if (!isOver(broadcast)) {
            throw ApiException.validation(
                    "The broadcast cannot be retried: " + state(broadcast) + ".");
        }
    }

    private void pause(TeamId team, UUID id, boolean paused, String what) {
        change(
                team,
                id,
                (tx, broadcast) -> {
                    if (broadcast.status() != Status.QUEUED) {
                        throw ApiException.validation(
                                "The broadcast cannot be " + what + ": " + state(broadcast) + ".");
                    }
                    return broadcast.paused() == paused
                            ? broadcast
                            : broadcast.paused(paused, now());
                });
    }

    private interface Change {
        /// @throws ApiException when it cannot be done
        Broadcast of(Tx tx, Broadcast before);
    }

    private void change(TeamId team, UUID id, Change change) {
        store.write(tx -> {
            var changed = change.of(tx, find(tx, team, id));
            rows.update(tx, changed);
            wakeFor(tx, changed);
            return changed;
        });
    }

    private UUID insert(Tx tx, Broadcast broadcast) {
        rows.insert(tx, broadcast);
        wakeFor(tx, broadcast);
        return broadcast.id();
    }

    private void wakeFor(Tx tx, Broadcast broadcast) {
        if (broadcast.status() != Status.DRAFT) {
            tx.afterCommit(wake);
        }
    }

    private static Broadcast launched(Broadcast draft, @Nullable Instant at, Instant now) {
        return draft.at(at == null ? Status.QUEUED : Status.SCHEDULED, at, now);
    }

    private Broadcast copy(Broadcast original, String suffix) {
        return Broadcast.draft(
                ids.next(),
                original.team(),
                named(original.name(), suffix),
                original.segment(),
                original.topic(),
                original.content(),
                original.perMinute(),
                now());
    }

    private static String named(String name, String suffix) {
        int end = Math.min(name.length(), BroadcastRequest.MAX_NAME - suffix.length());
        boolean splits = end < name.length() && Character.isHighSurrogate(name.charAt(end - 1));
        return name.substring(0, splits ? end - 1 : end) + suffix;
    }

    private static boolean isOver(Broadcast broadcast) {
        return switch (broadcast.status()) {
            case DRAFT, SCHEDULED, QUEUED -> false;
            case SENT, CANCELED, FAILED -> true;
        };
    }

    private static void checkDraft(Broadcast broadcast, String what) {
        if (broadcast.status() != Status.DRAFT) {
            throw ApiException.validation(
                    "The broadcast cannot be " + what + ": " + state(broadcast) + ".");
        }
    }

    private static String state(Broadcast broadcast) {
        return switch (broadcast.status()) {
            case DRAFT -> "it is a draft";
            case SCHEDULED -> "it is scheduled; cancel it first";
            case QUEUED -> "it is being sent";
            case SENT -> "it was sent";
            case CANCELED -> "it was canceled";
            case FAILED -> "it failed";
        };
    }

    private Broadcast find(Tx tx, TeamId team, UUID id) {
        return rows.find(tx, team, id).orElseThrow(Broadcasts::notFound);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
