package ai.mailgoat.server.signup;

import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What the pages hand out and get back: when a form was shown, and which sign-up a mail asks to
/// confirm.
final class SignupTokens {
    /// How long a form may lie open.
    private static final Duration FORM_LIFETIME = Duration.ofDays(1);

    /// People take longer to write an address, even when their browser fills it in.
    private static final Duration AT_LEAST = Duration.ofSeconds(2);

    private final SignedTokens forms;
    private final SignedTokens confirmations;

    SignupTokens(MasterKey masterKey) {
        this.forms = new SignedTokens(masterKey, "signup-form");
        this.confirmations = new SignedTokens(masterKey, "signup");
    }

    /// What the time between showing a form and getting it back says.
    enum Pace {
        HUMAN,
        TOO_FAST,
        /// Shown too long ago, or never.
        STALE
    }

    /// For a form that is shown now.
    String shown(UUID form, Instant now) {
        var content =
                ByteBuffer.allocate(3 * Long.BYTES)
                        .putLong(form.getMostSignificantBits())
                        .putLong(form.getLeastSignificantBits())
                        .putLong(now.toEpochMilli());
        return forms.sign(content.array(), now.plus(FORM_LIFETIME));
    }

    /// @param token of {@link #shown}, or what somebody sent in its place
    Pace pace(UUID form, String token, Instant now) {
        var signed = forms.read(token).filter(s -> s.holdsAt(now));
        if (signed.isEmpty()) {
            return Pace.STALE;
        }
        var content = ByteBuffer.wrap(signed.get().content());
        if (!uuid(content).equals(form)) {
            return Pace.STALE;
        }
        var shown = Instant.ofEpochMilli(content.getLong());
        return now.isBefore(shown.plus(AT_LEAST)) ? Pace.TOO_FAST : Pace.HUMAN;
    }

    String confirmation(UUID signup, Instant expiresAt) {
        var content =
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(signup.getMostSignificantBits())
                        .putLong(signup.getLeastSignificantBits());
        return confirmations.sign(content.array(), expiresAt);
    }

    /// @param holds whether it has not expired
    record Confirmation(UUID signup, boolean holds) {}

    /// @return empty for what was not made here
    Optional<Confirmation> confirmation(String token, Instant now) {
        return confirmations
                .read(token)
                .map(s -> new Confirmation(uuid(ByteBuffer.wrap(s.content())), s.holdsAt(now)));
    }

    private static UUID uuid(ByteBuffer content) {
        long high = content.getLong();
        return new UUID(high, content.getLong());
    }
}
