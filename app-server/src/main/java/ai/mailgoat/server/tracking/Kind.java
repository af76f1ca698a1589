package ai.mailgoat.server.tracking;

import java.util.Locale;

/// What was done to a mail.
public enum Kind {
    OPENED,
    CLICKED;

    /// As it is stored, and in `email.opened`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
