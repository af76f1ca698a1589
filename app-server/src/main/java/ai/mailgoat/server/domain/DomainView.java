package ai.mailgoat.server.domain;

import java.util.List;

/// A domain with the records it needs.
public record DomainView(Domain domain, List<DomainRecord> records) {}
