package ai.mailgoat.server.tracking;

import ai.mailgoat.server.store.Tx;
import java.util.Optional;
import java.util.UUID;

/// Where mails that were opened are looked for.
public interface TrackedMails {

    /// The mail of that id, of whatever team: the link to it was signed here.
    Optional<TrackedMail> find(Tx tx, UUID email);

    /// A person did this; it becomes the last that is known of the mail.
    void engaged(Tx tx, UUID email, Kind kind);
}
