package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.store.Tx;
import java.util.Collection;
import java.util.Map;

/// Where the queue gets its mails from. The package that accepts mail implements it.
public interface MailSource {

    /// @return those of `emails` that are there
    Map<EmailId, Mail> load(Tx tx, Collection<EmailId> emails);
}
