package ai.mailgoat.server.metric;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is counted, and the rates made of it. Counts are of recipients: a mail to three people is
/// sent three times. Opens and clicks are those of people, unless they say otherwise.
enum Metric {
    RECEIVED,
    DELIVERED,
    COMPLAINED,
    SUPPRESSED,
    BOUNCED,
    BOUNCED_TRANSIENT,
    BOUNCED_PERMANENT,
    BOUNCED_UNDETERMINED,
    OPENED,
    CLICKED,
    UNSUBSCRIBED,
    DELIVERY_DELAYED,
    FAILED,
    SENT,
    UNIQUE_OPENED,
    UNIQUE_CLICKED,
    MACHINE_OPENED,
    MACHINE_CLICKED,
    DELIVERY_RATE(DELIVERED, SENT),
    OPEN_RATE(UNIQUE_OPENED, DELIVERED),
    CLICK_RATE(UNIQUE_CLICKED, DELIVERED),
    BOUNCE_RATE(BOUNCED, SENT),
    COMPLAINT_RATE(COMPLAINED, DELIVERED),
    UNSUBSCRIBE_RATE(UNSUBSCRIBED, DELIVERED);

    private static final double DIGITS = 1_000_000;

    private final @Nullable Metric part;
    private final @Nullable Metric whole;

    Metric() {
        this(null, null);
    }

    Metric(@Nullable Metric part, @Nullable Metric whole) {
        this.part = part;
        this.whole = whole;
    }

    /// As it stands in the API.
    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The number to show: a count, or a rate from 0 to 1 with six digits, 0 where there is nothing
    /// to divide by.
    Number of(Map<Metric, Long> counts) {
        if (part == null || whole == null) {
            return counts.getOrDefault(this, 0L);
        }
        long divisor = counts.getOrDefault(whole, 0L);
        return divisor == 0
                ? 0
                : Math.round(counts.getOrDefault(part, 0L) * DIGITS / divisor) / DIGITS;
    }

    /// Opens and clicks, of a person or a machine; other counts as they are.
    Metric by(boolean human) {
        return switch (this) {
            case OPENED, MACHINE_OPENED -> human ? OPENED : MACHINE_OPENED;
            case CLICKED, MACHINE_CLICKED -> human ? CLICKED : MACHINE_CLICKED;
            default -> this;
        };
    }

    /// The count of those who did this at least once, where there is one.
    Optional<Metric> unique() {
        return switch (this) {
            case OPENED -> Optional.of(UNIQUE_OPENED);
            case CLICKED -> Optional.of(UNIQUE_CLICKED);
            default -> Optional.empty();
        };
    }

    /// The count that an event of a type such as `email.delivered` adds to first.
    static Optional<Metric> ofEvent(String type) {
        return switch (type) {
            case "email.received" -> Optional.of(RECEIVED);
            case "email.delivered" -> Optional.of(DELIVERED);
            case "email.complained" -> Optional.of(COMPLAINED);
            case "email.suppressed" -> Optional.of(SUPPRESSED);
            case "email.bounced" -> Optional.of(BOUNCED);
            case "email.opened" -> Optional.of(OPENED);
            case "email.clicked" -> Optional.of(CLICKED);
            case "email.unsubscribed" -> Optional.of(UNSUBSCRIBED);
            case "email.delivery_delayed" -> Optional.of(DELIVERY_DELAYED);
            case "email.failed" -> Optional.of(FAILED);
            case "email.sent" -> Optional.of(SENT);
            default -> Optional.empty();
        };
    }
}
