package ai.mailgoat.server.domain;

/// What a domain demands of the channel to MX hosts.
public enum TlsPolicy {
    /// TLS where it is offered.
    OPPORTUNISTIC,
    /// TLS with a valid certificate, or no delivery.
    ENFORCED
}
