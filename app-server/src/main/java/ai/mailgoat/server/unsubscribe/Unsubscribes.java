package ai.mailgoat.server.unsubscribe;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.contact.Preferences;
import ai.mailgoat.server.contact.Preferences.Subscriber;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Subscription;
import ai.mailgoat.server.topic.Topic;
import ai.mailgoat.server.topic.Topic.Visibility;
import ai.mailgoat.server.unsubscribe.UnsubscribeLinks.Link;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Does what the links are for. Everything can be repeated: it sets what holds, and what holds
/// already is not told again.
public final class Unsubscribes {
    private final Store store;
    private final UnsubscribeLinks links;
    private final Preferences preferences;
    private final BiConsumer<Tx, UUID> left;
    private final UnsubscribeStore recipients = new UnsubscribeStore();

    /// @param left told in the transaction in which somebody stops mail by the link in one of a
    ///   broadcast, with that mail's id
    public Unsubscribes(
            Store store,
            UnsubscribeLinks links,
            Preferences preferences,
            BiConsumer<Tx, UUID> left) {
        this.store = store;
        this.links = links;
        this.preferences = preferences;
        this.left = left;
    }

    /// What somebody asks for on the page or by one click.
    sealed interface Wish {}

    /// No more of what the link is for: its topic's mail, or all.
    record Stop() implements Wish {}

    /// No more mail at all.
    record StopAll() implements Wish {}

    /// The mail of the link again.
    record Resume() implements Wish {}

    /// Of the topics shown these, and no others.
    record Choose(Set<UUID> topics) implements Wish {}

    /// What holds for the contact of a link.
    ///
    /// @param subscriber `null` when there is no such contact any more
    /// @param about what the link's mail is about, unless about nothing or nothing that is left
    /// @param topics to choose from, by name
    record View(
            TeamId team,
            @Nullable Subscriber subscriber,
            Topic.@Nullable Of about,
            List<Topic.Of> topics) {

        /// Whether no more mail comes of the kind that the link stands in.
        boolean isStopped() {
            return subscriber == null
                    || subscriber.unsubscribed()
                    || about != null && about.subscription() == Subscription.OPT_OUT;
        }
    }

    /// What holds; changes nothing.
    ///
    /// @return empty when it is no token, or one that holds no longer
    Optional<View> view(String token) {
        return links.read(token).map(link -> store.read(tx -> view(tx, link)));
    }

    /// Stops what the link is for, as mail programs ask for it with one click.
    ///
    /// @return whether it is a token that holds
    boolean unsubscribe(String token) {
        return change(token, new Stop()).isPresent();
    }

    /// Grants a wish; the wish of somebody who is not there any more is granted already.
    ///
    /// @return what holds then; empty when it is no token, or one that holds no longer
    Optional<View> change(String token, Wish wish) {
        return links.read(token).map(link -> store.write(tx -> change(tx, link, wish)));
    }

    private View change(Tx tx, Link link, Wish wish) {
        var view = view(tx, link);
        var subscriber = view.subscriber();
        if (subscriber == null) {
            return view;
        }
        switch (wish) {
            case Stop() -> set(tx, view, subscriber, true);
            case StopAll() -> preferences.change(tx, link.team(), subscriber, true, Map.of());
            case Resume() -> set(tx, view, subscriber, false);
            case Choose(var topics) -> choose(tx, view, subscriber, topics);
        }
        var changed = view(tx, link);
        boolean stopped = changed.isStopped();
        if (recipients.mark(tx, link.team(), link.email(), stopped) && stopped) {
            left.accept(tx, link.email());
        }
        return changed;
    }

    // A topic that is gone cannot be left any more; who asks to be left alone is, by all.
    private void set(Tx tx, View view, Subscriber subscriber, boolean stop) {
        var about = view.about();
        if (about == null) {
            preferences.change(tx, view.team(), subscriber, stop, Map.of());
            return;
        }
        preferences.change(
                tx,
                view.team(),
                subscriber,
                stop ? null : Boolean.FALSE,
                Map.of(about.topic().id(), !stop));
    }

    private void choose(Tx tx, View view, Subscriber subscriber, Set<UUID> topics) {
        if (subscriber.unsubscribed() && topics.isEmpty()) {
            return;
        }
        var chosen = new HashMap<UUID, Boolean>();
        view.topics().forEach(of -> chosen.put(of.topic().id(), topics.contains(of.topic().id())));
        // Who wants something wants mail.
        var unsubscribed = chosen.containsValue(true) ? Boolean.FALSE : null;
        preferences.change(tx, view.team(), subscriber, unsubscribed, chosen);
    }

    private View view(Tx tx, Link link) {
        var subscriber =
                preferences
                        .find(tx, link.team(), link.contact())
                        // Deleted and added anew, the contact has another id.
                        .or(() ->
                                recipients
                                        .address(tx, link.team(), link.email())
                                        .flatMap(a -> preferences.find(tx, link.team(), a)));
        var all = subscriber.map(Subscriber::topics).orElse(List.of());
        var about = all.stream().filter(of -> of.topic().id().equals(link.topic())).findFirst();
        var shown =
                all.stream()
                        .filter(of -> isShown(of, link))
                        .sorted(
                                Comparator.comparing(
                                        of -> of.topic().name().toLowerCase(Locale.ROOT)))
                        .toList();
        return new View(link.team(), subscriber.orElse(null), about.orElse(null), shown);
    }

    private static boolean isShown(Topic.Of of, Link link) {
        return of.topic().visibility() == Visibility.PUBLIC
                || of.subscription() == Subscription.OPT_IN
                || of.topic().id().equals(link.topic());
    }
}
