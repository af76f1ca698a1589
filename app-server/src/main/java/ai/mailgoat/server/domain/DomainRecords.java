package ai.mailgoat.server.domain;

import ai.mailgoat.server.domain.DomainRecord.DnsType;
import ai.mailgoat.server.domain.DomainRecord.Kind;
import ai.mailgoat.server.smtp.MailDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which records to publish for a domain: those that its capabilities require, and those that are
/// worth having.
public final class DomainRecords {
    private static final int PRIORITY = 10;

    private final String hostname;
    private final String webHost;

    /// @param hostname this service's own name: bounces and received mail come to it, and mail
    ///   leaves from its addresses
    /// @param webHost the name under which its links stand
    public DomainRecords(String hostname, String webHost) {
        this.hostname = hostname;
        this.webHost = webHost;
    }

    /// All of these but that of links must be there before the domain counts as verified. Statuses
    /// of `existing` records that ask for the same are kept. One that was good and asks for
    /// something else now, since our host name changed, has 72 hours to follow; the others get
    /// `initial`.
    List<DomainRecord> required(
            Domain domain, List<DkimKey> keys, List<DomainRecord> existing, RecordStatus initial) {
        var records = new ArrayList<DomainRecord>();
        if (domain.settings().sending()) {
            records.add(mx(Kind.SPF, domain.returnPathLabel(), domain.name()));
            // Only MAIL FROM is checked against SPF, and it is in the return path domain (RFC 7208,
            // 2.4); mail leaves from the addresses of our own host and nowhere else.
            records.add(
                    txt(
                            Kind.SPF,
                            domain.returnPathLabel(),
                            domain.name(),
                            "v=spf1 a:" + hostname + " ~all"));
            for (var key : keys) {
                records.add(
                        txt(
                                Kind.DKIM,
                                key.selector() + "._domainkey",
                                domain.name(),
                                key.recordValue()));
            }
        }
        if (domain.settings().receiving()) {
            records.add(mx(Kind.RECEIVING, "", domain.name()));
        }
        String host = domain.trackingHost();
        if (host != null) {
            records.add(
                    new DomainRecord(
                            Kind.TRACKING,
                            DnsType.CNAME,
                            host,
                            host,
                            webHost,
                            null,
                            RecordStatus.NOT_STARTED,
                            null,
                            null));
        }
        return records.stream()
                .map(record -> record.with(status(record, existing, initial), null))
                .map(record -> existing.stream().filter(record::isSame).findFirst().orElse(record))
                .toList();
    }

    private static RecordStatus status(
            DomainRecord record, List<DomainRecord> existing, RecordStatus initial) {
        boolean wasGood =
                existing.stream().anyMatch(e -> e.isAtSamePlace(record) && e.status().isGood());
        return wasGood ? RecordStatus.TEMPORARY_FAILURE : initial;
    }

    /// Worth publishing, never required.
    List<Suggestion> suggestions(Domain domain) {
        var all = new ArrayList<Suggestion>();
        all.add(
                new Suggestion(
                        "DMARC",
                        DomainNames.relative("_dmarc", domain.name()),
                        DnsType.TXT,
                        "v=DMARC1; p=none;",
                        null,
                        "_dmarc." + domain.name(),
                        "Large mailbox providers expect a DMARC policy (RFC 9989)."));
        if (!domain.settings().receiving()) {
            all.add(
                    new Suggestion(
                            Kind.RECEIVING.apiName(),
                            DomainNames.relative("", domain.name()),
                            DnsType.MX,
                            hostname,
                            PRIORITY,
                            domain.name().ascii(),
                            "Only to receive mail for this domain here: it replaces the domain's"
                                    + " present mail host."));
        }
        return all;
    }

    private DomainRecord mx(Kind kind, String prefix, MailDomain domain) {
        return record(kind, DnsType.MX, prefix, domain, hostname, PRIORITY);
    }

    private static DomainRecord txt(Kind kind, String prefix, MailDomain domain, String value) {
        return record(kind, DnsType.TXT, prefix, domain, value, null);
    }

    private static DomainRecord record(
            Kind kind,
            DnsType type,
            String prefix,
            MailDomain domain,
            String value,
            @Nullable Integer priority) {
        return new DomainRecord(
                kind,
                type,
                DomainNames.relative(prefix, domain),
                prefix.isEmpty() ? domain.ascii() : prefix + "." + domain,
                value,
                priority,
                RecordStatus.NOT_STARTED,
                null,
                null);
    }

    /// A record that helps but is not checked.
    ///
    /// @param reason why to publish it, for people
    record Suggestion(
            String record,
            String name,
            DnsType type,
            String value,
            @Nullable Integer priority,
            String fqdn,
            String reason) {}
}
