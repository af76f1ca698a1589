package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.broadcast.RunStore.Addressee;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Store;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Freezes an audience. Whoever is in it at this moment is first written to a file, which takes
/// seconds for a million, then put into the table in pieces that hold nobody up. The broadcast
/// counts as frozen with the last piece; a crash before that begins anew, since nothing was sent.
public final class Audience {
    private static final int PAGE = 5_000;
    private static final int PIECE = 500;

    private final Store store;
    private final Contacts contacts;
    private final Segments segments;
    private final RunStore runs = new RunStore();
    private final Path directory;

    /// @param directory for the files
    public Audience(Store store, Contacts contacts, Segments segments, Path directory) {
        this.store = store;
        this.contacts = contacts;
        this.segments = segments;
        this.directory = directory;
    }

    /// Whom a broadcast is for has gone.
    static final class Gone extends Exception {
        private static final long serialVersionUID = 1L;

        Gone() {
            super("The segment was deleted before the broadcast began.", null, false, false);
        }
    }

    /// @param mergeBlob where the text to be merged lies
    /// @param stopped asked between pieces; then the freeze is left as it is
    /// @throws Gone nothing was written
    void freeze(Broadcast broadcast, @Nullable String mergeBlob, BooleanSupplier stopped)
            throws Gone {
        var file = directory.resolve("broadcast-" + broadcast.id() + ".audience");
        try {
            thaw(broadcast.id());
            long count =
                    broadcast.retryOf() == null
                            ? members(broadcast, file)
                            : failed(broadcast, file);
            fill(broadcast, file, count, mergeBlob, stopped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    /// Takes an incomplete audience out again.
    void thaw(UUID id) {
        boolean more = true;
        while (more) {
            more = !store.write(tx -> runs.thaw(tx, id, PIECE));
        }
    }

    private long members(Broadcast broadcast, Path file) throws IOException, Gone {
        var segment = broadcast.segment();
        if (segment == null || !store.read(tx -> segments.exists(tx, broadcast.team(), segment))) {
            throw new Gone();
        }
        try (var out = open(file)) {
            long count = 0;
            UUID after = null;
            List<Contacts.Addressee> page;
            do {
                UUID from = after;
                page =
                        store.read(tx ->
                                contacts.inSegment(tx, broadcast.team(), segment, from, PAGE));
                for (var contact : page) {
                    write(out, contact.id(), contact.email());
                    after = contact.id();
                }
                count += page.size();
            } while (page.size() == PAGE);
            return count;
        }
    }

    private long failed(Broadcast broadcast, Path file) throws IOException {
        try (var out = open(file)) {
            long count = 0;
            long after = -1;
            boolean more = true;
            while (more) {
                long from = after;
                var page =
                        store.read(tx ->
                                runs.failed(
                                        tx,
                                        java.util.Objects.requireNonNull(broadcast.retryOf()),
                                        from));
                for (var row : page) {
                    after = row.ordinal();
                    if (row.failed()) {
                        write(out, row.addressee().contact(), row.addressee().address());
                        count++;
                    }
                }
                more = !page.isEmpty();
            }
            return count;
        }
    }

    private void fill(
            Broadcast broadcast,
            Path file,
            long count,
            @Nullable String mergeBlob,
            BooleanSupplier stopped)
            throws IOException {
        try (var in =
                new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file)))) {
            long done = 0;
            while (done < count) {
                var piece = read(in, (int) Math.min(PIECE, count - done));
                long first = done;
                boolean goOn =
                        store.write(tx -> {
                            if (!isWanted(runs.find(tx, broadcast.id()))) {
                                return false;
                            }
                            runs.insert(tx, broadcast.id(), first, piece);
                            return true;
                        });
                if (!goOn || stopped.getAsBoolean()) {
                    return;
                }
                done += piece.size();
            }
        }
        store.write(tx -> {
            if (isWanted(runs.find(tx, broadcast.id()))) {
                runs.freeze(tx, broadcast.id(), count, mergeBlob);
            }
            return true;
        });
    }

    private static boolean isWanted(java.util.Optional<Broadcast> broadcast) {
        return broadcast.filter(b -> b.status() == Broadcast.Status.QUEUED).isPresent();
    }

    private DataOutputStream open(Path file) throws IOException {
        Files.createDirectories(directory);
        return new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file)));
    }

    private static void write(DataOutputStream out, UUID contact, String address)
            throws IOException {
        out.writeLong(contact.getMostSignificantBits());
        out.writeLong(contact.getLeastSignificantBits());
        out.writeUTF(address);
    }

    private static List<Addressee> read(DataInputStream in, int count) throws IOException {
        var some = new ArrayList<Addressee>(count);
        for (int i = 0; i < count; i++) {
            some.add(new Addressee(new UUID(in.readLong(), in.readLong()), in.readUTF()));
        }
        return some;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
