package ai.mailgoat.server.imports;

import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Outcome;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.imports.ContactImport.Counts;
import ai.mailgoat.server.imports.ContactImport.Progress;
import ai.mailgoat.server.imports.ContactImport.Status;
import ai.mailgoat.server.imports.RowReader.Batch;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the files that were taken in, one after the other, on a thread of its own. Contacts and
/// how far the file got are one transaction, so that a restart goes on at the very next row.
public final class ImportRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportRunner.class);
    private static final int BATCH = 1_000;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Store store;
    private final Contacts contacts;
    private final ImportFiles files;
    private final ImportStore rows = new ImportStore();
    private final InstantSource clock;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    public ImportRunner(Store store, Contacts contacts, Imports imports, InstantSource clock) {
        this.store = store;
        this.contacts = contacts;
        this.files = imports.files();
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("contact-imports").daemon().unstarted(this::work);
        imports.listen(wakeUps::release);
    }

    /// Begins, with what an earlier run has left.
    public void start() {
        thread.start();
    }

    /// Ends behind the batch at hand.
    @Override
    public void close() {
        closing = true;
        wakeUps.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closing) {
            try {
                var job = store.read(rows::next);
                if (job.isPresent()) {
                    run(job.get());
                } else {
                    wakeUps.acquire();
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("imports pause for {}: {}", PAUSE, e.getMessage());
                pause();
            }
        }
    }

    private void run(ContactImport job) {
        try {
            var failure = apply(job);
            if (!closing) {
                end(
                        job,
                        failure.isEmpty() ? Status.COMPLETED : Status.FAILED,
                        failure.orElse(null));
            }
        } catch (StoreException e) {
            if (e.isUnavailable()) {
                throw e;
            }
            broken(job, e);
        } catch (RuntimeException e) {
            broken(job, e);
        }
    }

    /// @return what keeps the file from being read to its end
    private Optional<String> apply(ContactImport job) {
        var path = files.path(job.id());
        if (!Files.exists(path)) {
            return Optional.of("The file is gone.");
        }
        try (var file = CsvFile.open(path, job.options().columns(), Set.of())) {
            var reader =
                    new RowReader(
                            file, job.options(), contacts.rules(job.team(), List.of(), List.of()));
            var progress = job.progress();
            reader.skip(progress.rows());
            while (!closing) {
                var batch = reader.next(BATCH);
                if (batch.rows() > 0) {
                    progress = settle(job, progress, batch);
                }
                if (batch.failure() != null || batch.rows() == 0) {
                    return Optional.ofNullable(batch.failure());
                }
            }
            return Optional.empty();
        } catch (CsvFile.Unreadable e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Progress settle(ContactImport job, Progress before, Batch batch) {
        return store.write(tx -> {
            var applied =
                    contacts.apply(tx, job.team(), batch.drafts(), job.options().conflict(), false);
            var after =
                    before.plus(
                            batch.rows(), counts(applied, batch.errors().size()), batch.errors());
            rows.progress(tx, job.id(), after);
            return after;
        });
    }

    private static Counts counts(List<Applied> applied, long failed) {
        return new Counts(
                count(applied, Outcome.CREATED),
                count(applied, Outcome.UPDATED),
                count(applied, Outcome.SKIPPED),
                failed);
    }

    private static long count(List<Applied> applied, Outcome outcome) {
        return applied.stream().filter(one -> one.outcome() == outcome).count();
    }

    private void broken(ContactImport job, RuntimeException e) {
        LOG.error("the contact import {} failed", job.id(), e);
        end(job, Status.FAILED, "An unexpected error occurred.");
    }

    private void end(ContactImport job, Status status, @Nullable String failure) {
        store.write(tx -> {
            rows.end(tx, job.id(), status, failure, clock.instant().truncatedTo(ChronoUnit.MICROS));
            return true;
        });
        files.delete(job.id());
    }

    private void pause() {
        try {
            var _ = wakeUps.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
