package ai.mailgoat.server.topic;

import java.util.Locale;

/// Whether someone wants a topic's mail.
public enum Subscription {
    OPT_IN,
    OPT_OUT;

    public static Subscription of(boolean optIn) {
        return optIn ? OPT_IN : OPT_OUT;
    }

    /// As it stands in the API.
    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
