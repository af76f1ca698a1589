package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.contact.ContactDraft;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.email.Acceptance;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.signup.Signup.Confirmation;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who asked for mail, and who has confirmed. Nobody gets into a segment by asking alone: a mail
/// goes to the address, and its reader confirms.
public final class Signups {
    /// How long one may wait with the confirmation; then the sign-up is forgotten.
    static final Duration LIFETIME = Duration.ofDays(7);

    /// A form that was sent twice by impatience makes one mail.
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(2);

    /// Mails to one address in a day, from all forms of a team: forms are no means to annoy
    /// somebody.
    private static final int PER_DAY = 3;

    private final Store store;
    private final SignupForms forms;
    private final Contacts contacts;
    private final Acceptance acceptance;
    private final BiConsumer<Tx, Event> events;
    private final SignupTokens tokens;
    private final SignupStore signups = new SignupStore();
    private final InstantSource clock;
    private final Uuids ids;

    /// @param events records `signup.requested` and `signup.confirmed` in the transaction given
    public Signups(
            Store store,
            SignupForms forms,
            Contacts contacts,
            Acceptance acceptance,
            BiConsumer<Tx, Event> events,
            MasterKey masterKey,
            InstantSource clock,
            Uuids ids) {
        this.store = store;
        this.forms = forms;
        this.contacts = contacts;
        this.acceptance = acceptance;
        this.events = events;
        this.tokens = new SignupTokens(masterKey);
        this.clock = clock;
        this.ids = ids;
    }

    static ApiException notFound() {
        return ApiException.notFound("Signup");
    }

    SignupTokens tokens() {
        return tokens;
    }

    /// What somebody wrote on a form; all of it checked.
    ///
    /// @param consent the words agreed to
    record Entry(
            Mailbox email,
            @Nullable String firstName,
            @Nullable String lastName,
            String consent,
            String ip) {}

    /// Writes down that somebody asked, and sends the mail that asks back. Whether the address is
    /// known makes no difference. Asking again and again does nothing.
    ///
    /// @param mail makes the fields of the mail, of the token to confirm with
    /// @throws ApiException when the mail cannot be accepted; nothing is written then
    void ask(SignupForm form, Entry entry, Function<String, Map<String, Object>> mail) {
        var now = now();
        var signup =
                new Signup(
                        ids.next(),
                        form.team(),
                        form.id(),
                        entry.email().folded(),
                        entry.email().toString(),
                        entry.firstName(),
                        entry.lastName(),
                        entry.consent(),
                        entry.ip(),
                        now,
                        null);
        var body = Json.mapper().valueToTree(mail.apply(confirmation(signup)));
        var prepared = acceptance.prepare(sender(form), JsonBody.of(body, ""));
        store.write(tx -> {
            if (forms.open(tx, form.id()).isPresent() && isDue(tx, signup)) {
                signups.insert(tx, signup);
                acceptance.accept(tx, prepared);
                events.accept(tx, event(signup, "signup.requested", now));
            }
            return true;
        });
    }

    /// How far the sign-up of a link has come.
    enum State {
        /// There is no such sign-up.
        UNKNOWN,
        EXPIRED,
        /// The form, or its segment, is gone.
        CLOSED,
        PENDING,
        CONFIRMED
    }

    /// @param signup `null` only when it is not there
    /// @param form `null` when it is gone, or nothing is known
    record Seen(State state, @Nullable Signup signup, @Nullable SignupForm form) {}

    /// What a link leads to. Changes nothing.
    Seen look(String token) {
        var read = tokens.confirmation(token, clock.instant());
        return read.isEmpty()
                ? new Seen(State.UNKNOWN, null, null)
                : store.read(tx -> look(tx, read.get()));
    }

    /// Confirms: makes or changes the contact, once.
    ///
    /// @param ip from where
    /// @return how it stands now
    Seen confirm(String token, String ip) {
        var read = tokens.confirmation(token, clock.instant());
        if (read.isEmpty()) {
            return new Seen(State.UNKNOWN, null, null);
        }
        var now = now();
        return store.write(tx -> {
            var seen = look(tx, read.get());
            if (seen.state() != State.PENDING) {
                return seen;
            }
            var signup = Objects.requireNonNull(seen.signup());
            var form = Objects.requireNonNull(seen.form());
            var applied =
                    contacts.apply(
                                    tx,
                                    form.team(),
                                    List.of(draft(signup, form)),
                                    Conflict.UPSERT,
                                    true)
                            .getFirst();
            var confirmation = new Confirmation(now, ip, applied.contact());
            signups.confirm(tx, signup.id(), confirmation);
            var confirmed = signup.confirmed(confirmation);
            events.accept(tx, event(confirmed, "signup.confirmed", now));
            return new Seen(State.CONFIRMED, confirmed, form);
        });
    }

    /// @param form only those of this form; of a form that is not there, or gone, too
    /// @param address only those of this folded address
    /// @return up to one more than the page holds
    List<Signup> list(TeamId team, @Nullable UUID form, @Nullable String address, Page page) {
        return store.read(tx -> {
            if (address != null) {
                return signups.ofAddress(tx, team, address, page);
            }
            return form != null
                    ? signups.ofForm(tx, team, form, page)
                    : signups.list(tx, team, page);
        });
    }

    Optional<Signup> find(TeamId team, UUID id) {
        return store.read(tx -> signups.find(tx, team, id));
    }

    /// @return whether it was there
    boolean delete(TeamId team, UUID id) {
        return store.write(tx -> signups.delete(tx, team, id));
    }

    /// Forgets those who never confirmed; called now and then.
    public void sweep() {
        var before = now().minus(LIFETIME);
        boolean more = true;
        while (more) {
            more = store.write(tx -> signups.deletePending(tx, before));
        }
    }

    private Seen look(Tx tx, SignupTokens.Confirmation link) {
        var found = signups.find(tx, link.signup());
        if (found.isEmpty()) {
            return new Seen(State.EXPIRED, null, null);
        }
        var signup = found.get();
        var form = forms.open(tx, signup.form());
        if (signup.confirmed() != null) {
            return new Seen(State.CONFIRMED, signup, form.orElse(null));
        }
        if (!link.holds()) {
            return new Seen(State.EXPIRED, signup, form.orElse(null));
        }
        return form.map(f -> new Seen(State.PENDING, signup, f))
                .orElseGet(() -> new Seen(State.CLOSED, signup, null));
    }

    private boolean isDue(Tx tx, Signup signup) {
        var asked = signups.recent(tx, signup.team(), signup.address(), PER_DAY);
        var now = signup.createdAt();
        boolean again =
                signups.last(tx, signup.team(), signup.address(), signup.form())
                        .filter(at -> now.isBefore(at.plus(AGAIN_AFTER)))
                        .isPresent();
        boolean often =
                asked.size() == PER_DAY && now.isBefore(asked.getLast().plus(Duration.ofDays(1)));
        return !again && !often;
    }

    private static ContactDraft draft(Signup signup, SignupForm form) {
        return new ContactDraft(
                signup.email(),
                signup.firstName(),
                signup.lastName(),
                false,
                Map.of(),
                List.of(form.segment()),
                form.options().topics().stream()
                        .map(topic -> new TopicChoice(topic, true))
                        .toList());
    }

    // The form itself sends, with no key.
    private static Principal sender(SignupForm form) {
        return new Principal(
                form.team(), new ApiKeyId(form.id()), Principal.Permission.SENDING_ACCESS, null);
    }

    private String confirmation(Signup signup) {
        return tokens.confirmation(signup.id(), signup.createdAt().plus(LIFETIME));
    }

    private static Event event(Signup signup, String type, Instant at) {
        return new Event(signup.team(), signup.id(), type, at, SignupBody.of(signup));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
