package ai.mailgoat.common.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sending domain.
///
/// @param status `not_started`, `pending`, `verified`, `failed`, `temporary_failure`
/// @param records what its zone must publish; absent in lists
public record DomainView(
        String id,
        String name,
        String status,
        @Nullable String createdAt,
        @Nullable String region,
        @Nullable List<DnsRecord> records) {

    /// @param record what it is for: `SPF`, `DKIM`, `Receiving`...
    /// @param name relative to the registered domain, or fully qualified
    /// @param type `MX`, `TXT`, `CNAME`, `CAA`
    public record DnsRecord(
            String record,
            String name,
            String type,
            @Nullable String ttl,
            @Nullable String status,
            String value,
            @Nullable Integer priority) {}
}
