package ai.mailgoat.server.imports;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Form;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.imports.ContactImport.Progress;
import ai.mailgoat.server.imports.ContactImport.Status;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.topic.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Files of contacts: taken in at once, applied by {@link ImportRunner}.
public final class Imports {
    private static final int MAX_UNFINISHED = 10;

    private final Store store;
    private final Contacts contacts;
    private final Segments segments;
    private final Topics topics;
    private final ImportFiles files;
    private final ImportStore rows = new ImportStore();
    private final InstantSource clock;
    private final Uuids ids;
    private volatile Runnable listener = () -> {};

    /// @param dataDir files wait in `imports` there
    public Imports(
            Store store,
            Contacts contacts,
            Segments segments,
            Topics topics,
            Path dataDir,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        this.contacts = contacts;
        this.segments = segments;
        this.topics = topics;
        this.files = new ImportFiles(dataDir);
        this.clock = clock;
        this.ids = ids;
    }

    /// Takes a file in. It is on disk and its import in the database when this returns.
    ///
    /// @param form reads the form and lets its file be kept
    /// @throws ApiException when the file or what was asked with it cannot be; nothing is kept then
    UUID create(TeamId team, Function<Form.Taker, Form> form) {
        var id = ids.next();
        try {
            var fields = form.apply(content -> files.put(id, content));
            var rules = contacts.rules(team, List.of(), List.of());
            var request = ImportRequest.read(fields, rules.properties());
            checkTargets(team, request.options());
            checkHeader(id, request);
            add(
                    new ContactImport(
                            id,
                            team,
                            Status.QUEUED,
                            request.options(),
                            Progress.NONE,
                            null,
                            now(),
                            null));
            listener.run();
            return id;
        } catch (RuntimeException e) {
            files.delete(id);
            throw e;
        }
    }

    /// @throws ApiException 404
    ContactImport get(TeamId team, UUID id) {
        return store.read(tx -> rows.find(tx, team, id))
                .orElseThrow(() -> ApiException.notFound("Contact import"));
    }

    List<ContactImport> list(TeamId team, @Nullable Status status, Page page) {
        return store.read(tx -> rows.list(tx, team, status, page));
    }

    /// Removes files that no import waits for; before any are taken in.
    public void clear() {
        files.sweep(store.read(rows::unfinished));
    }

    ImportFiles files() {
        return files;
    }

    /// @param added is told of each new import
    void listen(Runnable added) {
        listener = added;
    }

    private void checkTargets(TeamId team, ImportOptions options) {
        var chosen = options.topics().stream().map(TopicChoice::topic).toList();
        store.read(tx -> {
            if (segments.existing(tx, team, options.segments()).size()
                    < options.segments().size()) {
                throw Segments.notFound();
            }
            if (topics.existing(tx, team, chosen).size() < chosen.size()) {
                throw Topics.notFound();
            }
            return true;
        });
    }

    private void checkHeader(UUID id, ImportRequest request) {
        try {
            CsvFile.open(files.path(id), request.options().columns(), request.named()).close();
        } catch (CsvFile.Unreadable e) {
            throw ApiException.validation(String.valueOf(e.getMessage()));
        }
    }

    private void add(ContactImport job) {
        store.write(tx -> {
            if (rows.unfinished(tx, job.team()) >= MAX_UNFINISHED) {
                throw ApiException.validation(
                        "There are "
                                + MAX_UNFINISHED
                                + " imports waiting already. Try again when one has ended.");
            }
            rows.insert(tx, job);
            return true;
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
