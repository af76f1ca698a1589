package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.store.Tx;

/// What else goes when a domain goes: the API keys that are bound to it.
public interface DomainDeletion {

    /// Runs inside the deleting transaction, before the domain's row is removed.
    void deleting(Tx tx, DomainId domain);
}
