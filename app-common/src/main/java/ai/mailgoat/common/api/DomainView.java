package ai.mailgoat.common.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sending domain.
///
/// @param status `not_started`, `pending`, `verified`, `failed`, `temporary_failure`
/// @param records what its zone must publish; absent in lists
/// @param suggestions what it had better publish, such as a DMARC policy; nothing waits for them
public record DomainView(
        String id,
        String name,
        String status,
        @Nullable String createdAt,
        @Nullable String region,
        @Nullable List<DnsRecord> records,
        @Nullable List<DnsRecord> suggestions) {

    /// @param record what it is for: `SPF`, `DKIM`, `Receiving`...
    /// @param name relative to the registered domain, or fully qualified
    /// @param type `MX`, `TXT`, `CNAME`, `CAA`
    /// @param fqdn the whole name
    /// @param found what the DNS has instead, when that is wrong
    public record DnsRecord(
            String record,
            String name,
            String type,
            @Nullable String ttl,
            @Nullable String status,
            String value,
            @Nullable Integer priority,
            @Nullable String fqdn,
            @Nullable String found) {}
}
