package ai.mailgoat.server.domain;

import java.util.Locale;

/// How far a domain has come, in the words of the API. There is no `temporary_failure` here: only
/// records have it, and a domain whose records are in it still sends and stays as it was.
public enum DomainStatus {
    NOT_STARTED,
    PENDING,
    VERIFIED,
    FAILED,
    /// One capability is verified, the other is still awaited.
    PARTIALLY_VERIFIED,
    /// One capability is verified, the other was not within 72 hours.
    PARTIALLY_FAILED;

    /// As it stands in the API.
    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
