package ai.mailgoat.server.dns;

import java.util.List;

/// What a look-up came to. Callers must tell "there is none" from "nobody could say": the first may
/// bounce a mail, the second never does.
public sealed interface DnsAnswer<T> {

    /// At least one record.
    record Found<T>(List<T> records) implements DnsAnswer<T> {
        public Found {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("Found without records");
            }
            records = List.copyOf(records);
        }
    }

    /// The name exists but has no record of this type (NODATA, RFC 2308, 2.2).
    record NoData<T>() implements DnsAnswer<T> {}

    /// The name does not exist (NXDOMAIN, RFC 2308, 2.1).
    record NoSuchName<T>() implements DnsAnswer<T> {}

    /// No resolver gave a usable answer in time: SERVFAIL, REFUSED, timeout, garbage.
    record Failed<T>(String reason) implements DnsAnswer<T> {}

    /// The records found, or none.
    default List<T> recordsOrNone() {
        return this instanceof Found<T>(var records) ? records : List.of();
    }
}
