package ai.mailgoat.server.rehearsal;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.rehearsal.Rehearsal.Problem;
import ai.mailgoat.server.smtp.MailDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Whether mail from a domain would be taken for what it is. Large mailbox providers want bulk mail
/// to pass DMARC (RFC 9989): a policy record, and a signature of the domain in `From`.
public final class SenderCheck {
    /// RFC 9989, 4.10: a walk up the tree asks at most eight times.
    private static final int MAX_LOOKUPS = 8;

    private final SendingDomains domains;
    private final Dns dns;

    public SenderCheck(SendingDomains domains, Dns dns) {
        this.domains = domains;
        this.dns = dns;
    }

    /// @param from the domain in the author's address
    List<Problem> check(Principal caller, MailDomain from) {
        SendingDomain domain;
        try {
            domain = domains.usable(caller, from);
        } catch (ApiException e) {
            return List.of(Problem.error("sender_not_allowed", String.valueOf(e.getMessage())));
        }
        if (domain.reserved()) {
            return List.of(
                    Problem.note(
                            "reserved_domain",
                            "Mail from " + from.unicode() + " never leaves this machine."));
        }
        var problems = new ArrayList<Problem>();
        if (domain.keys().isEmpty() || !domain.name().equals(from)) {
            problems.add(
                    Problem.warning(
                            "dmarc_unaligned",
                            "The mail is not signed by "
                                    + from.unicode()
                                    + ", so it does not pass DMARC. Send from a domain that has DKIM keys."));
        }
        policy(from, problems);
        return problems;
    }

    private void policy(MailDomain from, List<Problem> problems) {
        var labels = Arrays.asList(from.ascii().split("\\."));
        // RFC 9989, 4.10: of a long name the walk goes on with its last seven labels.
        for (int i = 0, asked = 0; i < labels.size() && asked < MAX_LOOKUPS; asked++) {
            String name = String.join(".", labels.subList(i, labels.size()));
            switch (dns.txt("_dmarc." + name)) {
                case DnsAnswer.Found<String>(var texts) -> {
                    // More than one record counts as none.
                    if (texts.stream().filter(SenderCheck::isPolicy).count() == 1) {
                        return;
                    }
                }
                case DnsAnswer.Failed<String> _ -> {
                    problems.add(
                            Problem.note(
                                    "dmarc_unknown",
                                    "The DMARC record of "
                                            + from.unicode()
                                            + " could not be looked up. Try again."));
                    return;
                }
                case DnsAnswer.NoData<String> _, DnsAnswer.NoSuchName<String> _ -> {}
            }
            i = i == 0 && labels.size() > MAX_LOOKUPS ? labels.size() - MAX_LOOKUPS + 1 : i + 1;
        }
        problems.add(
                Problem.warning(
                        "dmarc_missing",
                        "There is no DMARC record for "
                                + from.unicode()
                                + ". Publish a TXT record at _dmarc."
                                + from.ascii()
                                + " with `v=DMARC1; p=none;`: large mailbox providers refuse bulk mail without one."));
    }

    private static boolean isPolicy(String text) {
        String start = text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        return start.equals("v=dmarc1") || start.startsWith("v=dmarc1;");
    }
}
