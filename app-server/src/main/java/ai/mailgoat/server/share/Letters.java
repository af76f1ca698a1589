package ai.mailgoat.server.share;

import ai.mailgoat.common.id.TeamId;
import java.util.Optional;
import java.util.UUID;

/// Where mails are: those sent, those received.
public interface Letters {

    /// @return empty when the team has none by that id here
    Optional<Letter> letter(TeamId team, UUID id);
}
