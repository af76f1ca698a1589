package ai.mailgoat.server.dns;

import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;

/// The look-ups that delivery and domain verification need. Calls block the calling (virtual)
/// thread for at most the deadline the implementation was made with; they never throw for what the
/// DNS says.
public interface Dns {

    /// The MX records of a domain, in no particular order; a null MX (RFC 7505) is a record whose
    /// host is `""`.
    DnsAnswer<MxRecord> mx(MailDomain domain);

    /// The addresses of a host, IPv6 and IPv4 together; CNAMEs are followed.
    ///
    /// @param host an A-label host name without trailing dot
    DnsAnswer<InetAddress> addresses(String host);

    /// The TXT records at a name, each with its strings joined (RFC 7208, 3.3).
    ///
    /// @param name such as `selector._domainkey.example.org`
    DnsAnswer<String> txt(String name);

    /// The same look-ups past the cache: for verification, where a person has just changed a
    /// record.
    Dns uncached();

    /// @param host A-label host name, lower case, without trailing dot; empty for a null MX
    record MxRecord(int preference, String host) {}
}
