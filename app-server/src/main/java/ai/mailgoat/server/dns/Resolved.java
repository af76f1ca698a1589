package ai.mailgoat.server.dns;

import java.time.Duration;
import org.xbill.DNS.Record;

/// The answer to one question and how long it may be remembered.
record Resolved(DnsAnswer<Record> answer, Duration ttl) {}
