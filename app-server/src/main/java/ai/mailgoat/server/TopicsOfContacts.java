package ai.mailgoat.server;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.email.TopicChoices;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topics;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/// Lets `email` ask what contacts chose; it does not know them.
record TopicsOfContacts(Topics topics, Contacts contacts) implements TopicChoices {
    @Override
    public boolean exists(Tx tx, TeamId team, UUID topic) {
        return topics.exists(tx, team, topic);
    }

    @Override
    public Set<String> optedOut(
            Tx tx, TeamId team, UUID topic, Collection<String> foldedAddresses) {
        return contacts.optedOut(tx, team, topic, foldedAddresses);
    }
}
