package ai.mailgoat.server.email;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/// Who wants the mail of a topic; asked when a mail is sent with a `topic_id`.
public interface TopicChoices {
    /// Whether the team has this topic.
    boolean exists(Tx tx, TeamId team, UUID topic);

    /// Those of `foldedAddresses` that must not get mail of the topic; see `Mailbox.folded()`.
    Set<String> optedOut(Tx tx, TeamId team, UUID topic, Collection<String> foldedAddresses);
}
