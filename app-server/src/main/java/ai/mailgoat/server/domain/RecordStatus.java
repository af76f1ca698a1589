package ai.mailgoat.server.domain;

import java.util.Locale;

/// How far a DNS record has come, in the words of the API.
public enum RecordStatus {
    /// Nobody has asked to verify yet.
    NOT_STARTED,
    /// Awaited; looked for again and again.
    PENDING,
    VERIFIED,
    /// Not there within 72 hours.
    FAILED,
    /// It was there, and is now wrong or gone, for less than 72 hours.
    TEMPORARY_FAILURE;

    /// Whether the capability it belongs to may be used.
    boolean isGood() {
        return this == VERIFIED || this == TEMPORARY_FAILURE;
    }

    /// As it stands in the API.
    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
