package ai.mailgoat.server.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A DNS record that the owner of a domain is asked to publish.
///
/// @param name relative to the registrable domain, as the owner's DNS provider wants it
/// @param fqdn the exact name, without trailing dot
/// @param value what should stand there: a host for MX and CNAME, the text for TXT
/// @param priority for MX only
/// @param found what stands there instead, when that is wrong; `null` otherwise
/// @param checkedAt when DNS last gave a usable answer about it
public record DomainRecord(
        Kind kind,
        DnsType type,
        String name,
        String fqdn,
        String value,
        @Nullable Integer priority,
        RecordStatus status,
        @Nullable String found,
        @Nullable Instant checkedAt) {

    /// What the record is for, in the API's words.
    public enum Kind {
        SPF("SPF"),
        DKIM("DKIM"),
        RECEIVING("Receiving"),
        TRACKING("Tracking");

        private final String apiName;

        Kind(String apiName) {
            this.apiName = apiName;
        }

        public String apiName() {
            return apiName;
        }

        /// Whether it is needed to send.
        boolean isForSending() {
            return this == SPF || this == DKIM;
        }

        /// Whether it is needed to receive.
        boolean isForReceiving() {
            return this == RECEIVING;
        }
    }

    /// The type in DNS.
    public enum DnsType {
        MX,
        TXT,
        CNAME
    }

    /// Whether `other` asks for the same content at the same place.
    boolean isSame(DomainRecord other) {
        return isAtSamePlace(other) && value.equals(other.value);
    }

    boolean isAtSamePlace(DomainRecord other) {
        return kind == other.kind && type == other.type && fqdn.equals(other.fqdn);
    }

    DomainRecord with(RecordStatus newStatus, @Nullable String newFound) {
        return new DomainRecord(
                kind, type, name, fqdn, value, priority, newStatus, newFound, checkedAt);
    }

    DomainRecord checked(Instant at) {
        return new DomainRecord(kind, type, name, fqdn, value, priority, status, found, at);
    }
}
