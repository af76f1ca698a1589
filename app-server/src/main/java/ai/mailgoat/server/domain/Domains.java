package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The domains that teams send from. A name is registered once over all teams.
public final class Domains {
    private final Store store;
    private final DomainStore domains = new DomainStore();
    private final MasterKey masterKey;
    private final DkimKeyMaker keyMaker;
    private final DomainRecords wanted;
    private final DomainEvents events;
    private final DomainDeletion deletion;
    private final SendingDomains sending;
    private final DomainVerifier verifier;
    private final InstantSource clock;
    private final Uuids ids;

    /// @param hostname this service's own name, to which the records point
    /// @param webHost the name under which its links stand
    public Domains(
            Store store,
            MasterKey masterKey,
            DkimKeyMaker keyMaker,
            EventLog events,
            DomainDeletion deletion,
            SendingDomains sending,
            DomainVerifier verifier,
            InstantSource clock,
            Uuids ids,
            String hostname,
            String webHost) {
        this.store = store;
        this.masterKey = masterKey;
        this.keyMaker = keyMaker;
        this.wanted = new DomainRecords(hostname, webHost);
        this.events = new DomainEvents(events, clock);
        this.deletion = deletion;
        this.sending = sending;
        this.verifier = verifier;
        this.clock = clock;
        this.ids = ids;
    }

    /// Registers a domain and makes its keys.
    ///
    /// @throws ApiException 403 when it is registered already, by whatever team
    public DomainView create(TeamId team, NewDomain asked) {
        if (store.read(tx -> domains.byName(tx, asked.name())).isPresent()) {
            throw taken(asked.name());
        }
        var draft = draft(new DomainId(ids.next()), team, asked);
        try {
            return store.write(tx -> insert(tx, draft));
        } catch (StoreException e) {
            if (e.isDuplicateKey()) {
                throw taken(asked.name());
            }
            throw e;
        }
    }

    /// Makes what {@link #pass} registers; the keys take a while.
    DomainDraft draft(DomainId id, TeamId team, NewDomain asked) {
        var now = now();
        var keys = newKeys(now);
        var domain =
                new Domain(
                        id,
                        team,
                        asked.name(),
                        asked.region(),
                        DomainStatus.NOT_STARTED,
                        asked.returnPathLabel(),
                        asked.settings(),
                        now,
                        null,
                        null);
        return new DomainDraft(
                domain, keys, wanted.required(domain, keys, List.of(), RecordStatus.NOT_STARTED));
    }

    /// Whose a name is.
    Optional<TeamId> owner(Tx tx, MailDomain name) {
        return domains.byName(tx, name).map(Domain::team);
    }

    /// Registers a domain in the place of whosever it is.
    void pass(Tx tx, DomainDraft draft) {
        domains.byName(tx, draft.domain().name()).ifPresent(domain -> delete(tx, domain));
        insert(tx, draft);
    }

    private DomainView insert(Tx tx, DomainDraft draft) {
        domains.insert(tx, draft.domain(), draft.keys(), draft.records());
        events.created(tx, draft.domain(), draft.records());
        sending.changed(tx, draft.domain().name());
        return new DomainView(draft.domain(), draft.records());
    }

    private void delete(Tx tx, Domain domain) {
        events.deleted(tx, domain, domains.records(tx, domain.id()));
        deletion.deleting(tx, domain.id());
        domains.delete(tx, domain.id());
        sending.changed(tx, domain.name());
    }

    /// Makes the reserved domain `mailgoat.test` if there is none yet: no team's, verified without
    /// records, with keys. Safe to repeat.
    ///
    /// @throws ai.mailgoat.server.secret.SecretException when its keys were sealed under another
    ///   master key
    public void ensureReserved() {
        var there =
                store.read(tx ->
                        domains.byName(tx, DomainNames.RESERVED)
                                .map(d -> domains.keys(tx, d.id())));
        if (there.isPresent()) {
            // Its keys are the probe: under another master key no mail could be signed.
            there.get().forEach(key -> masterKey.open(key.sealedKey()));
            return;
        }
        var now = now();
        var keys = newKeys(now);
        var reserved =
                new Domain(
                        new DomainId(ids.next()),
                        null,
                        DomainNames.RESERVED,
                        NewDomain.DEFAULT_REGION,
                        DomainStatus.VERIFIED,
                        NewDomain.DEFAULT_RETURN_PATH,
                        Domain.Settings.DEFAULT,
                        now,
                        null,
                        null);
        store.<@Nullable Void>write(tx -> {
            // Another process may have been first meanwhile.
            if (domains.byName(tx, DomainNames.RESERVED).isEmpty()) {
                domains.insert(tx, reserved, keys, List.of());
                sending.changed(tx, DomainNames.RESERVED);
            }
            return null;
        });
    }

    /// The team's domain by id.
    public Optional<DomainView> find(TeamId team, DomainId id) {
        return store.read(tx -> domains.byId(tx, team, id).map(domain -> view(tx, domain)));
    }

    /// The team's domain by name.
    public Optional<DomainView> find(TeamId team, MailDomain name) {
        return store.read(tx ->
                domains.byName(tx, name)
                        .filter(domain -> team.equals(domain.team()))
                        .map(domain -> view(tx, domain)));
    }

    /// The team's domains, newest first: up to one more than the page holds.
    public List<Domain> list(TeamId team, Page page) {
        return store.read(tx -> domains.list(tx, team, page));
    }

    /// Changes the settings of a domain. A capability that is switched on brings its records with
    /// it, and so does a name for links; they are looked for at once if verification was ever asked
    /// for.
    ///
    /// @param change from the present settings to the new ones; may throw to refuse
    /// @return whether the team has this domain
    public boolean update(TeamId team, DomainId id, UnaryOperator<Domain.Settings> change) {
        return store.write(tx -> {
            var found = domains.byId(tx, team, id);
            found.ifPresent(domain -> update(tx, domain, change.apply(domain.settings())));
            return found.isPresent();
        });
    }

    /// Asks for verification: whatever is not verified becomes `pending`, 72 hours begin anew, and
    /// DNS is asked at once, in the background. A domain that is verified stays so, and goes on
    /// sending, while it is checked. If this service has another host name than when the records
    /// were made, they are brought up to date.
    ///
    /// @return whether the team has this domain
    public boolean verify(TeamId team, DomainId id) {
        return store.write(tx -> {
            var found = domains.byId(tx, team, id);
            found.ifPresent(domain -> {
                var records = domains.records(tx, id);
                var current =
                        wanted.required(
                                domain, domains.keys(tx, id), records, RecordStatus.PENDING);
                save(tx, domain, Progress.started(current, now()), records);
                tx.afterCommit(verifier::wake);
            });
            return found.isPresent();
        });
    }

    /// Deletes a domain, its keys, and what else hangs on it.
    ///
    /// @return whether the team had this domain
    public boolean delete(TeamId team, DomainId id) {
        return store.write(tx -> {
            var found = domains.byId(tx, team, id);
            found.ifPresent(domain -> delete(tx, domain));
            return found.isPresent();
        });
    }

    /// A domain in the form of the API.
    public DomainBody body(DomainView view) {
        return DomainBody.whole(view, wanted);
    }

    private void update(Tx tx, Domain before, Domain.Settings settings) {
        if (settings.equals(before.settings())) {
            return;
        }
        var domain = before.withSettings(settings);
        var records = domains.records(tx, domain.id());
        boolean sameRecords =
                settings.sending() == before.settings().sending()
                        && settings.receiving() == before.settings().receiving()
                        && Objects.equals(domain.trackingHost(), before.trackingHost());
        if (sameRecords) {
            domains.update(tx, domain);
            events.updated(tx, domain, records);
            sending.changed(tx, domain.name());
            return;
        }
        var initial =
                before.status() == DomainStatus.NOT_STARTED
                        ? RecordStatus.NOT_STARTED
                        : RecordStatus.PENDING;
        var keys = domains.keys(tx, domain.id());
        var rearranged = wanted.required(domain, keys, records, initial);
        var progress = Progress.rearranged(domain, rearranged, now());
        domains.replaceRecords(tx, domain.id(), rearranged);
        var after = domain.with(progress.status(), progress.since(), progress.nextCheckAt());
        domains.update(tx, after);
        events.updated(tx, after, rearranged);
        sending.changed(tx, domain.name());
        tx.afterCommit(verifier::wake);
    }

    private void save(Tx tx, Domain domain, Progress progress, List<DomainRecord> before) {
        var after = domain.with(progress.status(), progress.since(), progress.nextCheckAt());
        domains.update(tx, after);
        domains.replaceRecords(tx, domain.id(), progress.records());
        sending.changed(tx, domain.name());
        if (domain.status() != after.status() || !before.equals(progress.records())) {
            events.updated(tx, after, progress.records());
        }
    }

    private DomainView view(Tx tx, Domain domain) {
        return new DomainView(domain, domains.records(tx, domain.id()));
    }

    private List<DkimKey> newKeys(Instant now) {
        var keys = new ArrayList<DkimKey>();
        for (var algorithm : DkimAlgorithm.values()) {
            var pair = keyMaker.make(algorithm);
            keys.add(
                    new DkimKey(
                            ids.next(),
                            algorithm.selector(),
                            algorithm,
                            algorithm.recordValue(pair.publicKey()),
                            masterKey.seal(pair.privateKey()),
                            now));
            Arrays.fill(pair.privateKey(), (byte) 0);
        }
        return keys;
    }

    // The database keeps microseconds: what is answered now and read later are then the same.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static ApiException taken(MailDomain name) {
        return ApiException.forbidden("The " + name + " domain has been registered already.");
    }
}
