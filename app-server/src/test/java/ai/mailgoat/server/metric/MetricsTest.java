package ai.mailgoat.server.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MetricsTest {
    private static final UUID ACME = UUID.fromString("018f0000-0000-7000-8000-0000000000aa");
    private static final UUID SHOP = UUID.fromString("018f0000-0000-7000-8000-0000000000bb");

    @TempDir Path dataDir;
    private TwoTeams teams;
    private Events events;
    private Metrics metrics;
    private final Map<UUID, String> broadcasts = new HashMap<>();
    private final Map<UUID, String> domains = Map.of(ACME, "acme.example", SHOP, "shop.example");

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        events = new Events(teams.ids, new WebhookCalls(teams.ids));
        metrics = metrics();
        new MetricRoutes(metrics, teams.clock()).register(teams.endpoints);
        teams.setClock(Instant.parse("2026-07-08T12:00:00Z"));
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void everythingIsCountedByRecipient() {
        var mail = teams.ids.next();
        String at = "2026-07-07T10:00:00Z";
        happened(mail, "sent", at, "a@x.example", "b@x.example", "c@x.example", "d@x.example");
        happened(mail, "queued", at, "a@x.example");
        happened(mail, "delivered", at, "a@x.example");
        happened(mail, "delivered", at, "b@x.example");
        bounced(mail, "Permanent", at);
        bounced(mail, "Transient", at);
        bounced(mail, "Odd", at);
        happened(mail, "delivery_delayed", at, "c@x.example");
        happened(mail, "complained", at, "a@x.example");
        happened(mail, "opened", at, "a@x.example");
        happened(mail, "opened", at, "a@x.example");
        happened(mail, "opened", at, "b@x.example");
        happened(mail, "clicked", at, "a@x.example");
        happened(mail, "clicked", at, "a@x.example");
        happened(mail, "failed", at, "d@x.example");
        happened(teams.ids.next(), "suppressed", at, "e@x.example");
        received(at);
        record(teams.acme, mail, "domain.created", at, Map.of("id", "x"));

        var reply = get("");
        assertEquals(200, reply.status());
        var all =
                "\"received\":1,\"delivered\":2,\"complained\":1,\"suppressed\":1,\"bounced\":3,"
                        + "\"bounced_transient\":1,\"bounced_permanent\":1,\"bounced_undetermined\":1,\"opened\":3,"
                        + "\"clicked\":2,\"unsubscribed\":0,\"delivery_delayed\":1,\"failed\":1,\"sent\":4,"
                        + "\"unique_opened\":2,\"unique_clicked\":1,\"delivery_rate\":0.5,\"open_rate\":1.0,"
                        + "\"click_rate\":0.5,\"bounce_rate\":0.75,\"complaint_rate\":0.5,\"unsubscribe_rate\":0.0";
        assertEquals("{" + all + "}", reply.body().get("totals").toString());
        assertEquals("metrics", reply.text("object"));
        assertEquals("2026-07-02T12:00:00.000Z", reply.text("start_date"));
        assertEquals("2026-07-08T12:00:00.000Z", reply.text("end_date"));
        assertEquals("[]", reply.body().get("dimensions").toString());
        assertEquals(22, reply.body().get("metrics").size());
        assertEquals("daily", reply.text("granularity"));
        assertFalse(reply.body().has("data"));

        // The same, from the events of the mails.
        var ofMail =
                get("?email_id=" + mail + "&metrics=sent,unique_opened,unique_clicked,bounced");
        assertEquals(
                "{\"sent\":4,\"unique_opened\":2,\"unique_clicked\":1,\"bounced\":3}",
                ofMail.body().get("totals").toString());
    }

    @Test
    void anEventIsCountedOnce() {
        sent("2026-07-07T10:00:00Z", 3);
        assertEquals(3, total("sent"));
        assertEquals(3, total("sent"));
        metrics.catchUp();
        sent("2026-07-07T10:01:00Z", 2);
        metrics.catchUp();
        assertEquals(5, total("sent"));
        var again = metrics();
        again.catchUp();
        assertEquals(5, total("sent"), "after a restart");
    }

    @Test
    void openingAgainLaterIsNotUnique() {
        var mail = teams.ids.next();
        happened(mail, "opened", "2026-07-06T10:00:00Z", "a@x.example");
        assertEquals(1, total("unique_opened"));
        happened(mail, "opened", "2026-07-07T10:00:00Z", "a@x.example");
        happened(mail, "opened", "2026-07-07T10:00:00Z", "b@x.example");
        assertEquals(2, total("unique_opened"));
        assertEquals(3, total("opened"));
    }

    @Test
    void manyEventsAreCountedInPieces() {
        var batch =
                IntStream.range(0, 12_001)
                        .mapToObj(i ->
                                new Event(
                                        teams.acme,
                                        teams.ids.next(),
                                        "email.sent",
                                        Instant.parse("2026-07-07T10:00:00Z"),
                                        data("a@acme.example", List.of("x@x.example"))))
                        .toList();
        teams.store.write(tx -> {
            events.recordAll(tx, batch);
            return null;
        });
        assertEquals(12_001, total("sent"));
    }

    @Test
    void periodsFollowTheClockOnTheWall() {
        sent("2026-03-28T23:30:00Z", 1);
        sent("2026-03-29T00:30:00Z", 2);
        sent("2026-03-29T21:59:00Z", 4);
        sent("2026-03-29T22:00:00Z", 8);
        String range = "?metrics=sent&dimensions=period&start_date=2026-03-28&end_date=2026-03-30";
        assertEquals("2026-03-28=1 2026-03-29=14 2026-03-30=0", periods(range));
        // The 29th has 23 hours in Berlin: 23:00 to 22:00 UTC.
        assertEquals(
                "2026-03-28=0 2026-03-29=7 2026-03-30=8",
                periods(range + "&timezone=Europe/Berlin"));
    }

    @Test
    void quartersOfAnHourCountForZonesThatAreOff() {
        // Kathmandu is 5:45 ahead of UTC: its 8th of July begins at 18:15.
        sent("2026-07-07T18:14:59Z", 1);
        sent("2026-07-07T18:15:00Z", 2);
        assertEquals(
                "2026-07-07=1 2026-07-08=2",
                periods(
                        "?metrics=sent&dimensions=period&start_date=2026-07-07&end_date=2026-07-08&timezone=Asia/Kathmandu"));
    }

    @Test
    void anHourThatComesTwiceIsTwoPeriods() {
        teams.setClock(Instant.parse("2026-10-26T12:00:00Z"));
        sent("2026-10-25T00:30:00Z", 1);
        sent("2026-10-25T01:30:00Z", 2);
        var list =
                periods(
                        "?metrics=sent&dimensions=period&granularity=hourly&timezone=Europe/Berlin"
                                + "&start_date=2026-10-25&end_date=2026-10-25");
        assertEquals(25, list.split(" ").length);
        assertTrue(list.contains("2026-10-25T02:00:00+02:00=1 2026-10-25T02:00:00+01:00=2 "), list);
        // Half an hour is set back there.
        teams.setClock(Instant.parse("2026-04-06T12:00:00Z"));
        var howe =
                periods(
                        "?metrics=sent&dimensions=period&granularity=hourly&timezone=Australia/Lord_Howe"
                                + "&start_date=2026-04-05&end_date=2026-04-05");
        assertTrue(
                howe.contains(
                        "2026-04-05T01:00:00+11:00=0 2026-04-05T01:30:00+10:30=0 2026-04-05T02:00:00+10:30=0"),
                howe);
    }

    @Test
    void weeksBeginOnMondayAndMonthsOnTheFirst() {
        sent("2026-06-28T10:00:00Z", 1);
        sent("2026-06-29T10:00:00Z", 2);
        sent("2026-07-06T10:00:00Z", 4);
        String range = "?metrics=sent&dimensions=period&start_date=2026-06-24&end_date=2026-07-07";
        assertEquals(
                "2026-06-22=1 2026-06-29=2 2026-07-06=4", periods(range + "&granularity=weekly"));
        assertEquals("2026-06-01=3 2026-07-01=4", periods(range + "&granularity=monthly"));
        assertEquals(
                "2026-06-01=2 2026-07-01=4",
                periods(range.replace("06-24", "06-29") + "&granularity=monthly"),
                "what is before the range does not count");
    }

    @Test
    void domainsAreToldApart() {
        sent("2026-07-07T10:00:00Z", 1);
        send("Shop <news@shop.example>", "2026-07-07T10:00:00Z", 2);
        send("x@old.example", "2026-07-07T10:00:00Z", 4);
        var data = get("?metrics=sent&dimensions=domain").body().get("data");
        assertEquals(
                "[{\"domain_id\":\""
                        + ACME
                        + "\",\"domain_name\":\"acme.example\",\"sent\":1},"
                        + "{\"domain_id\":null,\"domain_name\":\"old.example\",\"sent\":4},"
                        + "{\"domain_id\":\""
                        + SHOP
                        + "\",\"domain_name\":\"shop.example\",\"sent\":2}]",
                data.toString());
        assertEquals(2, sent("?domain_id=" + SHOP));
        assertEquals(3, sent("?domain_id=" + SHOP + "," + ACME));
        assertEquals(0, sent("?domain_id=" + UUID.randomUUID()));
        var both =
                get("?metrics=sent&dimensions=period,domain&domain_id=" + SHOP).body().get("data");
        assertEquals(
                "[{\"period\":\"2026-07-07\",\"domain_id\":\""
                        + SHOP
                        + "\",\"domain_name\":\"shop.example\",\"sent\":2}]",
                both.toString());
    }

    @Test
    void mailsAreToldApart() {
        var first = teams.ids.next();
        var second = teams.ids.next();
        happened(first, "sent", "2026-07-06T10:00:00Z", "a@x.example");
        happened(first, "delivered", "2026-07-07T10:00:00Z", "a@x.example");
        happened(second, "sent", "2026-07-07T10:00:00Z", "a@x.example", "b@x.example");
        var query = "?metrics=sent,delivered&dimensions=email&email_id=" + first + "," + second;
        assertEquals(
                "[{\"email_id\":\""
                        + first
                        + "\",\"sent\":1,\"delivered\":1},{\"email_id\":\""
                        + second
                        + "\",\"sent\":2,\"delivered\":0}]",
                get(query).body().get("data").toString());
        assertEquals(
                2, sent(query.replace("metrics=sent,delivered&", "") + "&start_date=2026-07-07"));
        assertEquals(0, sent("?domain_id=" + SHOP + "&email_id=" + first));
        assertEquals(
                "{\"sent\":0}",
                teams.call(teams.other, "GET", "/emails/metrics?metrics=sent&email_id=" + first, "")
                        .body()
                        .get("totals")
                        .toString());
    }

    @Test
    void aTeamSeesItsOwnOnly() {
        sent("2026-07-07T10:00:00Z", 1);
        record(
                teams.other,
                teams.ids.next(),
                "email.sent",
                "2026-07-07T10:00:00Z",
                data("a@acme.example", List.of("a@x.example", "b@x.example")));
        assertEquals(1, total("sent"));
        var reply = teams.call(teams.other, "GET", "/emails/metrics?metrics=sent", "");
        assertEquals("{\"sent\":2}", reply.body().get("totals").toString());
    }

    @Test
    void mailOfBroadcastsIsCountedByBroadcast() {
        sent("2026-07-07T10:00:00Z", 1);
        var news = teams.ids.next();
        var old = teams.ids.next();
        broadcasts.put(news, "News");
        ofBroadcast(news, "sent", "2026-07-06T10:00:00Z", "human");
        ofBroadcast(news, "sent", "2026-07-07T10:00:00Z", "human");
        ofBroadcast(news, "opened", "2026-07-07T10:00:00Z", "human");
        ofBroadcast(news, "opened", "2026-07-07T10:00:00Z", "machine");
        ofBroadcast(old, "sent", "2026-07-07T10:00:00Z", "human");

        String figures = "?metrics=sent,unique_opened,machine_opened";
        var reply = get(figures + "&dimensions=broadcast").body();
        assertEquals(
                "{\"sent\":4,\"unique_opened\":1,\"machine_opened\":1}",
                reply.get("totals").toString());
        assertEquals(
                "[{\"broadcast_id\":\""
                        + news
                        + "\",\"broadcast_name\":\"News\",\"sent\":2,\"unique_opened\":1,\"machine_opened\":1},"
                        + "{\"broadcast_id\":\""
                        + old
                        + "\",\"broadcast_name\":\"\",\"sent\":1,\"unique_opened\":0,\"machine_opened\":0}]",
                reply.get("data").toString());
        assertEquals(2, sent("?broadcast_id=" + news));
        assertEquals(3, sent("?broadcast_id=" + news + "," + old));
        assertEquals(0, sent("?broadcast_id=" + UUID.randomUUID()));
        assertEquals(0, sent("?broadcast_id=" + news + "&domain_id=" + SHOP));
        var days =
                get(figures
                                + "&dimensions=period,broadcast,domain&start_date=2026-07-06&broadcast_id="
                                + news)
                        .body();
        assertEquals(2, days.get("data").size());
        assertEquals("2026-07-06", days.get("data").get(0).get("period").asString());
        assertEquals("acme.example", days.get("data").get(0).get("domain_name").asString());
        var stranger =
                teams.call(
                        teams.other,
                        "GET",
                        "/emails/metrics?metrics=sent&broadcast_id=" + news,
                        "");
        assertEquals("{\"sent\":0}", stranger.body().get("totals").toString());
    }

    @Test
    void machinesAreCountedApart() {
        var mail = teams.ids.next();
        read(mail, "opened", "machine", "a@x.example");
        assertEquals(0, total("opened"));
        assertEquals(0, total("unique_opened"));
        assertEquals(1, total("machine_opened"));
        read(mail, "opened", "human", "a@x.example");
        assertEquals(1, total("unique_opened"));
        read(mail, "clicked", "machine", "a@x.example");
        assertEquals(1, total("machine_clicked"));
        assertEquals(0, total("clicked"));
        var ofMail = get("?email_id=" + mail + "&metrics=opened,machine_opened,machine_clicked");
        assertEquals(
                "{\"opened\":1,\"machine_opened\":1,\"machine_clicked\":1}",
                ofMail.body().get("totals").toString());
    }

    @Test
    void aVerdictThatIsChangedMovesWhatWasCounted() {
        var mail = teams.ids.next();
        var first = read(mail, "clicked", "human", "a@x.example");
        var second = read(mail, "clicked", "human", "a@x.example");
        assertEquals(2, total("clicked"));
        assertEquals(1, total("unique_clicked"));

        revise(mail, "machine", first);
        assertEquals(1, total("clicked"));
        assertEquals(1, total("unique_clicked"));
        assertEquals(1, total("machine_clicked"));
        revise(mail, "machine", first, second, teams.ids.next());
        assertEquals(0, total("clicked"));
        assertEquals(0, total("unique_clicked"));
        assertEquals(2, total("machine_clicked"));
        String figures = "&metrics=clicked,unique_clicked,machine_clicked";
        assertEquals(
                "{\"clicked\":0,\"unique_clicked\":0,\"machine_clicked\":2}",
                get("?email_id=" + mail + figures).body().get("totals").toString());
        assertEquals(
                "{\"clicked\":0,\"unique_clicked\":0,\"machine_clicked\":0}",
                get("?start_date=2026-07-08" + figures).body().get("totals").toString(),
                "it moves where it was, not when it was changed");
        read(mail, "clicked", "human", "a@x.example");
        assertEquals(1, total("unique_clicked"));
        revise(mail, "human", first);
        assertEquals(2, total("clicked"));
        assertEquals(1, total("unique_clicked"));
    }

    @Test
    void timesMayBeGivenInManyWays() {
        sent("2026-07-01T10:00:00Z", 1);
        sent("2026-07-02T10:00:00Z", 2);
        assertEquals(1, sent("?start_date=2026-07-01&end_date=2026-07-01"));
        assertEquals(3, sent("?start_date=2026-07-01&end_date=2026-07-02"));
        assertEquals(2, sent("?start_date=2026-07-01T10:15:00Z&end_date=2026-07-03T00:00:00Z"));
        assertEquals(1, sent("?start_date=2026-07-01T10:07:00Z&end_date=2026-07-02T10:00:00Z"));
        assertEquals(3, sent("?start_date=2026-07-01&end_date=2030-01-01"));
        var clamped = get("?start_date=2026-07-01&end_date=2030-01-01");
        assertEquals("2026-07-08T12:00:00.000Z", clamped.text("end_date"));
        assertEquals(
                "{\"sent\":1,\"delivered\":0}",
                get("?metrics=sent, delivered,sent&start_date=2026-07-01&end_date=2026-07-01")
                        .body()
                        .get("totals")
                        .toString());
    }

    @Test
    void badQueriesAreRefused() {
        refused(
                "?start_date=2026-07-05&end_date=2026-07-04",
                "validation_error",
                "The `start_date` must be on or before");
        refused(
                "?start_date=2026-07-09",
                "validation_error",
                "The `start_date` must be on or before");
        refused(
                "?start_date=soon",
                "validation_error",
                "The `start_date` parameter must be a date");
        refused(
                "?end_date=2026-02-30",
                "validation_error",
                "The `end_date` parameter must be a date");
        refused("?timezone=Mars/Olympus", "validation_error", "Invalid `timezone` parameter.");
        refused(
                "?granularity=yearly",
                "validation_error",
                "Invalid `granularity` parameter. It must be one of: hourly, daily, weekly, monthly.");
        refused(
                "?metrics=sent,happy",
                "validation_error",
                "Invalid `metrics` parameter. It must be one of: received,");
        refused(
                "?dimensions=planet",
                "validation_error",
                "Invalid `dimensions` parameter. It must be one of: period, domain, email, broadcast.");
        refused("?domain_id=7", "invalid_parameter", "The `domain_id` must be a valid UUID.");
        refused("?email_id=7", "invalid_parameter", "The `email_id` must be a valid UUID.");
        refused("?broadcast_id=7", "invalid_parameter", "The `broadcast_id` must be a valid UUID.");
        refused(
                "?dimensions=email",
                "missing_required_parameter",
                "The `email` dimension needs `email_id`");
        refused(
                "?dimensions=email,broadcast",
                "validation_error",
                "The `email` dimension and `email_id` cannot");
        refused(
                "?email_id=" + ACME + "&broadcast_id=" + SHOP,
                "validation_error",
                "The `email` dimension and `email_id` cannot");
        refused(
                "?email_id=" + ACME + "&dimensions=broadcast",
                "validation_error",
                "The `email` dimension and `email_id` cannot");
        refused(
                "?granularity=hourly&start_date=2025-01-01&end_date=2026-07-01",
                "validation_error",
                "The date range has more than 10,000 periods");
        var ids =
                String.join(
                        ",",
                        IntStream.range(0, 101)
                                .mapToObj(i -> UUID.randomUUID().toString())
                                .toList());
        refused(
                "?email_id=" + ids,
                "validation_error",
                "The `email_id` parameter can name at most 100 ids.");
        assertEquals(
                200,
                get("?granularity=hourly&start_date=2025-07-01&dimensions=period&metrics=sent")
                        .status());
        assertEquals(200, get("?start_date=1999-07-08").status());
    }

    private Metrics metrics() {
        return new Metrics(
                teams.store,
                (team, id) -> Optional.ofNullable(domains.get(id)),
                (team, name) ->
                        domains.entrySet().stream()
                                .filter(e -> e.getValue().equals(name))
                                .map(Map.Entry::getKey)
                                .findFirst(),
                (team, id) -> Optional.ofNullable(broadcasts.get(id)));
    }

    private void ofBroadcast(UUID broadcast, String event, String at, String verdict) {
        var data = new HashMap<>(data("a@acme.example", List.of("a@x.example")));
        data.put("broadcast_id", broadcast.toString());
        data.put("verdict", verdict);
        record(teams.acme, teams.ids.next(), "email." + event, at, data);
    }

    /// @return the engagement
    private UUID read(UUID mail, String event, String verdict, String who) {
        var data = new HashMap<>(data("a@acme.example", List.of(who)));
        var id = teams.ids.next();
        data.put("verdict", verdict);
        data.put("engagement_id", id.toString());
        record(teams.acme, mail, "email." + event, "2026-07-07T10:00:00Z", data);
        return id;
    }

    private void revise(UUID mail, String verdict, UUID... engagements) {
        var data = new HashMap<>(data("a@acme.example", List.of("a@x.example")));
        data.put("verdict", verdict);
        data.put("engagement_ids", List.of(engagements));
        record(teams.acme, mail, "email.engagement_revised", "2026-07-08T11:00:00Z", data);
    }

    private void sent(String at, int recipients) {
        send("Acme <a@ACME.example>", at, recipients);
    }

    private void send(String from, String at, int recipients) {
        var to = IntStream.range(0, recipients).mapToObj(i -> "u" + i + "@x.example").toList();
        record(teams.acme, teams.ids.next(), "email.sent", at, data(from, to));
    }

    private void happened(UUID mail, String event, String at, String... to) {
        record(teams.acme, mail, "email." + event, at, data("a@acme.example", List.of(to)));
    }

    private void bounced(UUID mail, String type, String at) {
        var data = new HashMap<>(data("a@acme.example", List.of("c@x.example")));
        data.put("bounce", Map.of("type", type));
        record(teams.acme, mail, "email.bounced", at, data);
    }

    private void received(String at) {
        var data =
                new HashMap<>(
                        data("stranger@x.example", List.of("in@acme.example", "b@x.example")));
        data.put("received_for", List.of("in@acme.example"));
        record(teams.acme, teams.ids.next(), "email.received", at, data);
    }

    private void record(TeamId team, UUID subject, String type, String at, Object data) {
        teams.store.write(tx -> {
            events.record(tx, new Event(team, subject, type, Instant.parse(at), data));
            return null;
        });
    }

    private static Map<String, Object> data(String from, List<String> to) {
        return Map.of("from", from, "to", to);
    }

    private Reply get(String query) {
        return teams.call(teams.acme, "GET", "/emails/metrics" + query, "");
    }

    private long total(String metric) {
        return get("?metrics=" + metric).body().get("totals").get(metric).longValue();
    }

    private long sent(String query) {
        var reply = get(query + "&metrics=sent");
        return reply.body().get("totals").get("sent").longValue();
    }

    private String periods(String query) {
        var reply = get(query);
        assertEquals(200, reply.status(), () -> reply.body().toString());
        var rows = new ArrayList<String>();
        for (JsonNode row : reply.body().get("data")) {
            rows.add(row.get("period").stringValue() + "=" + row.get("sent").longValue());
        }
        return String.join(" ", rows);
    }

    private void refused(String query, String name, String message) {
        var reply = get(query);
        assertEquals(422, reply.status(), query);
        assertEquals(name, reply.text("name"), query);
        assertTrue(reply.text("message").startsWith(message), reply.text("message"));
    }
}
