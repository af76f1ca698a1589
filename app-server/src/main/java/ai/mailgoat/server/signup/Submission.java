package ai.mailgoat.server.signup;

import ai.mailgoat.server.signup.SignupForm.Field;
import ai.mailgoat.server.signup.SignupTokens.Pace;
import ai.mailgoat.server.signup.Signups.Entry;
import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A form as it came back.
final class Submission {
    /// A field that no person sees: what fills it in is a program.
    static final String TRAP = "comment";

    static final String EMAIL = "email";
    static final String CONSENT = "consent";
    static final String TOKEN = "token";

    /// The fault of the form as a whole.
    static final String WHOLE = "";

    private static final int MAX_NAME = 200;

    private final SignupForm form;
    private final Map<String, String> values = new HashMap<>();

    /// @param fields all values of each; the last one counts
    Submission(SignupForm form, Map<String, List<String>> fields) {
        this.form = form;
        fields.forEach((name, all) -> values.put(name, all.getLast().strip()));
    }

    String value(String field) {
        return values.getOrDefault(field, "");
    }

    /// Whether a program filled it in.
    boolean isTrapped() {
        return !value(TRAP).isEmpty();
    }

    /// What is wrong, as keys of texts by the names of fields; empty when nothing is.
    ///
    /// @param pace at which it came back
    Map<String, String> faults(Pace pace) {
        var faults = new HashMap<String, String>();
        if (mailbox().isEmpty()) {
            faults.put(EMAIL, "signup.error.email");
        }
        for (var field : form.options().fields()) {
            String name = value(field.text());
            if (name.length() > MAX_NAME || !HeaderText.isSafe(name)) {
                faults.put(field.text(), "signup.error.name");
            }
        }
        if (form.options().consentText() != null && value(CONSENT).isEmpty()) {
            faults.put(CONSENT, "signup.error.consent");
        }
        if (faults.isEmpty() && pace != Pace.HUMAN) {
            faults.put(WHOLE, pace == Pace.TOO_FAST ? "signup.error.fast" : "signup.error.stale");
        }
        return faults;
    }

    /// What there is to write down; only without faults.
    ///
    /// @param consent the words agreed to
    /// @param ip from where it came
    Entry entry(String consent, String ip) {
        return new Entry(
                mailbox().orElseThrow(),
                name(Field.FIRST_NAME),
                name(Field.LAST_NAME),
                consent,
                ip);
    }

    private Optional<Mailbox> mailbox() {
        try {
            return Optional.of(Mailbox.parse(value(EMAIL)));
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    private @Nullable String name(Field field) {
        String name = value(field.text());
        return name.isEmpty() || !form.options().fields().contains(field) ? null : name;
    }
}
