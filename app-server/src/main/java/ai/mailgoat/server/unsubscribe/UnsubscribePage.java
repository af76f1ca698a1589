package ai.mailgoat.server.unsubscribe;

import ai.mailgoat.server.contact.Preferences.Subscriber;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.page.Html;
import ai.mailgoat.server.page.Sheet;
import ai.mailgoat.server.topic.Subscription;
import ai.mailgoat.server.topic.Topic;
import ai.mailgoat.server.unsubscribe.Unsubscribes.View;
import java.util.Objects;

/// The page of one link: what holds, the button that ends it or brings it back, and the topics to
/// choose from.
///
/// @param done the action that was just taken, or empty
record UnsubscribePage(Sheet sheet, View view, String done) {

    Answer answer() {
        var subscriber = view.subscriber();
        if (subscriber == null) {
            return sheet.notice(200, "unsubscribe.gone.title", "unsubscribe.gone.text");
        }
        String title =
                sheet.text(view.isStopped() ? "unsubscribe.done.title" : "unsubscribe.title");
        return sheet.answer(
                200,
                title,
                Html.of("<h1>{}</h1>\n", title)
                        .and(note())
                        .and(view.isStopped() ? stopped(subscriber) : going(subscriber))
                        .and(choices(subscriber))
                        .and(everything(subscriber)));
    }

    private Html note() {
        return switch (done) {
            case "choose" -> note("unsubscribe.saved");
            case "resume" -> note("unsubscribe.resumed");
            default -> Html.NONE;
        };
    }

    private Html note(String key) {
        return Html.of("<p class=\"note\" role=\"status\">{}</p>\n", sheet.text(key));
    }

    private Html going(Subscriber subscriber) {
        var about = view.about();
        return about == null
                ? words("unsubscribe.all.text", subscriber, "")
                        .and(form("stop", "", sheet.text("unsubscribe.all.button")))
                : words("unsubscribe.topic.text", subscriber, about.topic().name())
                        .and(
                                form(
                                        "stop",
                                        "",
                                        sheet.text(
                                                "unsubscribe.topic.button", about.topic().name())));
    }

    private Html stopped(Subscriber subscriber) {
        var words =
                subscriber.unsubscribed()
                        ? words("unsubscribe.done.all", subscriber, "")
                        : words(
                                "unsubscribe.done.topic",
                                subscriber,
                                Objects.requireNonNull(view.about()).topic().name());
        return words.and(form("resume", "second", sheet.text("unsubscribe.done.undo")));
    }

    private Html choices(Subscriber subscriber) {
        if (view.topics().isEmpty()) {
            return Html.NONE;
        }
        return Html.of(
                """
                <hr>
                <form method="post" autocomplete="off">
                <fieldset>
                <legend><h2>{}</h2></legend>
                {}</fieldset>
                <button name="action" value="choose" class="second">{}</button>
                </form>
                """,
                sheet.text("unsubscribe.choose.title"),
                Html.all(view.topics().stream().map(of -> choice(of, subscriber)).toList()),
                sheet.text("unsubscribe.choose.button"));
    }

    private static Html choice(Topic.Of of, Subscriber subscriber) {
        boolean wanted = of.subscription() == Subscription.OPT_IN && !subscriber.unsubscribed();
        String description = of.topic().description();
        return Html.of(
                "<label class=\"choice\"><input type=\"checkbox\" name=\"topic\" value=\"{}\"{}>"
                        + "<span><b>{}</b>{}</span></label>\n",
                of.topic().id(),
                wanted ? new Html(" checked") : Html.NONE,
                of.topic().name(),
                description == null || description.isBlank()
                        ? Html.NONE
                        : Html.of("<small>{}</small>", description));
    }

    // Where the first button is for one topic only, or for nothing any more.
    private Html everything(Subscriber subscriber) {
        if (subscriber.unsubscribed() || view.about() == null) {
            return Html.NONE;
        }
        return Html.of("<hr>\n<h2>{}</h2>\n", sheet.text("unsubscribe.everything.title"))
                .and(words("unsubscribe.everything.text", subscriber, ""))
                .and(form("stop-all", "second", sheet.text("unsubscribe.everything.button")));
    }

    private Html words(String key, Subscriber subscriber, String topic) {
        return Html.of("<p>{}</p>\n", sheet.text(key, sheet.name(), subscriber.email(), topic));
    }

    private static Html form(String action, String kind, String words) {
        return Html.of(
                "<form method=\"post\"><button name=\"action\" value=\"{}\" class=\"{}\">{}</button></form>\n",
                action,
                kind,
                words);
    }
}
