package ai.mailgoat.server.event;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.event.EventStreams.Follower;
import ai.mailgoat.server.event.EventStreams.Piece;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.webhook.Envelope;
import ai.mailgoat.server.webhook.EventTypes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// `/events/stream`: what happens to a team, as server-sent events. What a webhook is sent for an
/// event stands in `data`, and `id` is the cursor: a client that comes back with it as
/// `Last-Event-ID`, as a browser's `EventSource` does, misses nothing.
public final class EventStreamRoutes {
    /// What comes thick and fast is read in fewer, larger pieces.
    private static final Duration BETWEEN_READS = Duration.ofMillis(20);

    private static final byte[] HELLO = octets("retry: 1000\n\n");
    private static final byte[] KEEP_ALIVE = octets(":\n\n");

    private final EventStreams streams;
    private final Predicate<Principal> mayStay;
    private final Pace pace;

    /// @param keepAlive how long a stream may be silent
    /// @param lifetime after which the client has to come back
    record Pace(Duration keepAlive, Duration lifetime) {
        static final Pace DEFAULT = new Pace(Duration.ofSeconds(15), Duration.ofHours(1));
    }

    /// @param mayStay whether a caller's key is still good; asked now and then
    public EventStreamRoutes(EventStreams streams, Predicate<Principal> mayStay) {
        this(streams, mayStay, Pace.DEFAULT);
    }

    EventStreamRoutes(EventStreams streams, Predicate<Principal> mayStay, Pace pace) {
        this.streams = streams;
        this.mayStay = mayStay;
        this.pace = pace;
    }

    public void register(Endpoints endpoints) {
        endpoints.get("/events/stream", Access.FULL, this::stream);
    }

    private Answer stream(Call call) {
        var caller = call.principal();
        var types = types(call);
        // A client that comes back sends its first URL again.
        var cursor =
                cursor("Last-Event-ID", call.header().apply("last-event-id"))
                        .or(() -> cursor("after", call.query("after")));
        // Before the answer begins, so that it can still be a refusal.
        streams.follow(caller.team()).close();
        return Answer.stream("text/event-stream", out -> run(out, caller, types, cursor))
                .with("cache-control", "no-store")
                .with("x-accel-buffering", "no");
    }

    private void run(Answer.Out out, Principal caller, Set<String> types, Optional<UUID> cursor) {
        try (var follower = streams.follow(caller.team())) {
            out.onClosing(follower::wake);
            follow(out, follower, caller, types, cursor.orElseGet(streams::last));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(
            Answer.Out out, Follower follower, Principal caller, Set<String> types, UUID start)
            throws InterruptedException {
        long end = System.nanoTime() + pace.lifetime().toNanos();
        long said = System.nanoTime();
        long checked = said;
        long silence = pace.keepAlive().toNanos();
        var cursor = start;
        out.write(HELLO);
        while (!out.isClosing() && System.nanoTime() - end < 0) {
            var piece = streams.after(caller.team(), cursor);
            byte[] text = text(piece, types);
            if (text.length > 0) {
                out.write(text);
                said = System.nanoTime();
            }
            cursor = piece.end();
            if (!piece.more()) {
                Thread.sleep(BETWEEN_READS);
                follower.await(Math.max(0, Math.min(said + silence, end) - System.nanoTime()));
            }
            long now = System.nanoTime();
            if (now - said >= silence) {
                out.write(KEEP_ALIVE);
                said = now;
            }
            if (now - checked >= silence) {
                if (!mayStay.test(caller)) {
                    return;
                }
                checked = now;
            }
        }
    }

    private static byte[] text(Piece piece, Set<String> types) {
        var text = new ByteArrayOutputStream();
        for (var event : piece.events()) {
            if (types.contains(event.type())) {
                text.writeBytes(
                        octets("id: " + event.id() + "\nevent: " + event.type() + "\ndata: "));
                text.writeBytes(Envelope.of(event.type(), event.at(), event.data()));
                text.writeBytes(octets("\n\n"));
            }
        }
        return text.toByteArray();
    }

    private static Set<String> types(Call call) {
        var wanted = call.query("types");
        if (wanted.isEmpty()) {
            return Set.copyOf(EventTypes.all());
        }
        var types =
                Arrays.stream(wanted.get().split(",", -1))
                        .map(String::strip)
                        .collect(Collectors.toSet());
        if (!types.stream().allMatch(EventTypes::isKnown)) {
            throw ApiException.validation(
                    "Invalid `types` parameter. It must be one of: "
                            + String.join(", ", EventTypes.all())
                            + ".");
        }
        return types;
    }

    private static Optional<UUID> cursor(String name, Optional<String> text) {
        return text.filter(t -> !t.isEmpty())
                .map(t ->
                        Uuids.parse(t)
                                .orElseThrow(() ->
                                        ApiException.validation(
                                                "The `"
                                                        + name
                                                        + "` cursor must be a valid UUID.")));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
