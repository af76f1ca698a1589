package ai.mailgoat.server.domain;

import java.util.List;

/// A domain that is not registered yet, with its keys.
record DomainDraft(Domain domain, List<DkimKey> keys, List<DomainRecord> records) {}
