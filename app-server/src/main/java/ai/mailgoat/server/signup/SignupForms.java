package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.signup.SignupForm.Options;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The forms of the teams.
public final class SignupForms {
    private final Store store;
    private final Segments segments;
    private final Topics topics;
    private final SendingDomains domains;
    private final SignupFormStore forms = new SignupFormStore();
    private final InstantSource clock;
    private final Uuids ids;

    public SignupForms(
            Store store,
            Segments segments,
            Topics topics,
            SendingDomains domains,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        this.segments = segments;
        this.topics = topics;
        this.domains = domains;
        this.clock = clock;
        this.ids = ids;
    }

    static ApiException notFound() {
        return ApiException.notFound("Signup form");
    }

    /// Why nobody can sign up, if so.
    enum Closed {
        SEGMENT_DELETED,
        DOMAIN_NOT_VERIFIED
    }

    /// A form as it stands.
    record View(SignupForm form, Optional<Closed> closed) {}

    /// @throws ApiException 404 for a segment or topic that is not there, 403 for a sender that may
    ///   not send
    UUID create(TeamId team, UUID segment, String name, Options options) {
        checkSender(team, options);
        var now = now();
        var form = new SignupForm(ids.next(), team, segment, name, options, now, now);
        return store.write(tx -> {
            checkTargets(tx, form);
            forms.insert(tx, form);
            return form.id();
        });
    }

    /// Up to one more than the page holds.
    List<View> list(TeamId team, Page page) {
        return store.read(tx -> forms.list(tx, team, page)).stream().map(this::view).toList();
    }

    /// @throws ApiException 404
    View find(TeamId team, UUID id) {
        return view(store.read(tx -> forms.find(tx, team, id)).orElseThrow(SignupForms::notFound));
    }

    /// A form by its link alone.
    Optional<View> open(UUID id) {
        return store.read(tx -> forms.find(tx, id)).map(this::view);
    }

    /// Inside the caller's transaction.
    ///
    /// @return empty for one that is gone, or whose segment is
    Optional<SignupForm> open(Tx tx, UUID id) {
        return forms.find(tx, id).filter(form -> segments.exists(tx, form.team(), form.segment()));
    }

    /// @param change makes the new form of the old one; its time of change is set here
    /// @throws ApiException as {@link #create}, and 404 for a form that is not there
    void update(TeamId team, UUID id, UnaryOperator<SignupForm> change) {
        var before = find(team, id).form();
        var after = change.apply(before);
        if (!after.options().from().equals(before.options().from())) {
            checkSender(team, after.options());
        }
        store.write(tx -> {
            var old = forms.find(tx, team, id).orElseThrow(SignupForms::notFound);
            var form = change.apply(old);
            checkNewTargets(tx, old, form);
            forms.update(
                    tx,
                    new SignupForm(
                            id,
                            team,
                            form.segment(),
                            form.name(),
                            form.options(),
                            old.createdAt(),
                            now()));
            return true;
        });
    }

    /// Those who have signed up stay; whoever has not confirmed no longer can.
    ///
    /// @return whether it was there
    boolean delete(TeamId team, UUID id) {
        return store.write(tx -> forms.delete(tx, team, id));
    }

    private View view(SignupForm form) {
        boolean segment = store.read(tx -> segments.exists(tx, form.team(), form.segment()));
        if (!segment) {
            return new View(form, Optional.of(Closed.SEGMENT_DELETED));
        }
        return new View(
                form,
                maySend(form.team(), form.options())
                        ? Optional.empty()
                        : Optional.of(Closed.DOMAIN_NOT_VERIFIED));
    }

    private void checkSender(TeamId team, Options options) {
        if (!maySend(team, options)) {
            throw ApiException.forbidden(
                    "The "
                            + sender(options).mailbox().domain().unicode()
                            + " domain is not verified. The mail that asks for confirmation"
                            + " needs a verified sender.");
        }
    }

    private boolean maySend(TeamId team, Options options) {
        return domains.sending(team, sender(options).mailbox().domain())
                .filter(SendingDomain::maySend)
                .isPresent();
    }

    private void checkTargets(Tx tx, SignupForm form) {
        if (!segments.exists(tx, form.team(), form.segment())) {
            throw Segments.notFound();
        }
        checkTopics(tx, form);
    }

    // What was there when the form was made may have gone since; other changes are still welcome.
    private void checkNewTargets(Tx tx, SignupForm old, SignupForm form) {
        if (!form.segment().equals(old.segment())
                && !segments.exists(tx, form.team(), form.segment())) {
            throw Segments.notFound();
        }
        if (!form.options().topics().equals(old.options().topics())) {
            checkTopics(tx, form);
        }
    }

    private void checkTopics(Tx tx, SignupForm form) {
        var named = form.options().topics();
        if (!topics.existing(tx, form.team(), named).containsAll(named)) {
            throw Topics.notFound();
        }
    }

    private static NamedMailbox sender(Options options) {
        return NamedMailbox.parse(options.from());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
