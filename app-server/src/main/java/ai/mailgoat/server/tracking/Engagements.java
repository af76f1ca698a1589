package ai.mailgoat.server.tracking;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Opens and clicks as they come in: each is kept with what is thought of it. All of them are
/// events; webhooks hear of those by people alone.
public final class Engagements {
    /// Of one mail; what comes after them is not kept.
    static final int MAX_OF_MAIL = 1_000;

    /// What a verdict that was changed is told as; its data names the engagements.
    static final String REVISED = "email.engagement_revised";

    private final Store store;
    private final EngagementStore rows = new EngagementStore();
    private final TrackedMails mails;
    private final Events events;
    private final Uuids ids;

    public Engagements(Store store, TrackedMails mails, Events events, Uuids ids) {
        this.store = store;
        this.mails = mails;
        this.events = events;
        this.ids = ids;
    }

    /// Keeps what was done to a mail; of a mail that is gone, nothing.
    void keep(Hit hit) {
        var mail = store.read(tx -> mails.find(tx, hit.email()));
        if (mail.isPresent()) {
            store.<@Nullable Void>write(tx -> {
                keep(tx, mail.get(), hit);
                return null;
            });
        }
    }

    private void keep(Tx tx, TrackedMail mail, Hit hit) {
        if (!rows.hasRoom(tx, mail.id(), MAX_OF_MAIL)) {
            return;
        }
        var earlier = rows.ofMail(tx, mail.id(), hit.at().minus(Judge.BURST), MAX_OF_MAIL);
        var verdict = Judge.judge(hit, mail.sentAt(), mail.deliveredAt(), earlier);
        var engagement =
                new Engagement(
                        ids.next(),
                        mail.team(),
                        mail.id(),
                        mail.broadcast(),
                        hit.kind(),
                        hit.url(),
                        hit.at(),
                        hit.ip(),
                        hit.userAgent(),
                        verdict);
        rows.insert(tx, engagement);
        tell(tx, mail, engagement);
        if (verdict.reason().equals("burst")) {
            revise(
                    tx,
                    mail,
                    earlier.stream().filter(e -> e.kind() == Kind.CLICKED).toList(),
                    verdict,
                    hit.at());
        }
    }

    /// Changes what was thought of engagements, all of one mail each.
    ///
    /// @return how many were thought of otherwise before
    int revise(List<Engagement> wrong, Verdict verdict, Instant now) {
        int revised = 0;
        var byMail = wrong.stream().collect(Collectors.groupingBy(Engagement::email));
        for (var its : byMail.entrySet()) {
            var mail = store.read(tx -> mails.find(tx, its.getKey()));
            if (mail.isPresent()) {
                revised += store.write(tx -> revise(tx, mail.get(), its.getValue(), verdict, now));
            }
        }
        return revised;
    }

    /// Tells that the link to unsubscribe in a mail was used; of a mail that is gone, nothing.
    public void unsubscribed(Tx tx, UUID email, Instant at) {
        mails.find(tx, email)
                .ifPresent(mail ->
                        events.record(
                                tx,
                                new Event(
                                        mail.team(),
                                        mail.id(),
                                        "email.unsubscribed",
                                        at,
                                        mail.data())));
    }

    List<Engagement> after(UUID id, int limit) {
        return store.read(tx -> rows.after(tx, id, limit));
    }

    private int revise(
            Tx tx, TrackedMail mail, List<Engagement> wrong, Verdict verdict, Instant now) {
        var revised = wrong.stream().filter(e -> rows.revise(tx, e, verdict)).toList();
        if (!revised.isEmpty()) {
            var data = new LinkedHashMap<>(mail.data());
            data.put("verdict", verdict.text());
            data.put("reason", verdict.reason());
            data.put("engagement_ids", revised.stream().map(Engagement::id).toList());
            events.note(tx, new Event(mail.team(), mail.id(), REVISED, now, data));
        }
        return revised.size();
    }

    private void tell(Tx tx, TrackedMail mail, Engagement e) {
        var data = new LinkedHashMap<>(mail.data());
        var details = new LinkedHashMap<String, Object>();
        details.put("ipAddress", e.ip());
        if (e.url() != null) {
            details.put("link", e.url());
        }
        details.put("timestamp", ApiTime.iso(e.at()));
        details.put("userAgent", e.userAgent());
        data.put(e.kind() == Kind.OPENED ? "open" : "click", details);
        data.put("engagement_id", e.id());
        data.put("verdict", e.verdict().text());
        data.put("reason", e.verdict().reason());
        var event = event(mail, e, data);
        if (e.verdict().human()) {
            mails.engaged(tx, mail.id(), e.kind());
            events.record(tx, event);
        } else {
            events.note(tx, event);
        }
    }

    private static Event event(TrackedMail mail, Engagement e, Map<String, Object> data) {
        return new Event(mail.team(), mail.id(), "email." + e.kind().text(), e.at(), data);
    }
}
