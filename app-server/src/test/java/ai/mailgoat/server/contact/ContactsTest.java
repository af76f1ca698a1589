package ai.mailgoat.server.contact;

import static ai.mailgoat.server.contact.ContactFixture.draft;
import static ai.mailgoat.server.contact.ContactFixture.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.contact.ContactDraft.Applied;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.Outcome;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.http.ApiException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Contacts by the thousand, and what they want.
class ContactsTest {
    private ContactFixture test;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = new ContactFixture(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void anAddressIsOneContactWhateverItsCase() {
        var first = test.apply(Conflict.UPSERT, false, named("Ann@X.example", "Ann", "Lee"));
        test.teams.pass(Duration.ofSeconds(1));
        var second = test.apply(Conflict.UPSERT, false, named("aNN@x.Example", "Anna", null));

        assertEquals(Outcome.CREATED, first.getFirst().outcome());
        assertEquals(List.of(new Applied(first.getFirst().contact(), Outcome.UPDATED)), second);
        var contact = contact("ann@x.example");
        assertEquals("Ann@x.example", contact.email());
        assertEquals("Anna", contact.firstName());
        assertEquals("Lee", contact.lastName());
        assertEquals(
                Duration.ofSeconds(1), Duration.between(contact.createdAt(), contact.updatedAt()));
    }

    @Test
    void skippingLeavesAKnownContactAlone() {
        var segment = test.segment("All");
        var first = test.apply(Conflict.SKIP, true, named("a@x.example", "Ann", null));
        var second =
                test.apply(
                        Conflict.SKIP,
                        true,
                        new ContactDraft(
                                "A@x.example",
                                "Bea",
                                null,
                                true,
                                Map.of(),
                                List.of(segment),
                                List.of()),
                        draft("b@x.example"));

        assertEquals(new Applied(first.getFirst().contact(), Outcome.SKIPPED), second.getFirst());
        assertEquals(Outcome.CREATED, second.getLast().outcome());
        assertEquals("Ann", contact("a@x.example").firstName());
        assertEquals(0, test.count("segment_contact"));
        assertEquals(List.of("contact.created"), test.types(first.getFirst().contact()));
    }

    @Test
    void theSameAddressTwiceInOneListIsKnownTheSecondTime() {
        var upserted =
                test.apply(
                        Conflict.UPSERT,
                        true,
                        named("a@x.example", "Ann", "Lee"),
                        named("b@x.example", "Bob", null),
                        named("A@X.EXAMPLE", "Anna", null));
        assertEquals(
                List.of(Outcome.CREATED, Outcome.CREATED, Outcome.UPDATED),
                upserted.stream().map(Applied::outcome).toList());
        assertEquals(upserted.getFirst().contact(), upserted.getLast().contact());
        assertEquals("Anna", contact("a@x.example").firstName());
        assertEquals("Lee", contact("a@x.example").lastName());
        assertEquals(List.of("contact.created"), test.types(upserted.getFirst().contact()));

        var skipped = test.apply(Conflict.SKIP, true, draft("c@x.example"), draft("C@x.example"));
        assertEquals(
                List.of(Outcome.CREATED, Outcome.SKIPPED),
                skipped.stream().map(Applied::outcome).toList());
        assertEquals(3, test.count("contact"));
    }

    @Test
    void aThousandAtOnceKeepTheirOrder() {
        var drafts = new ArrayList<ContactDraft>();
        for (int i = 0; i < 1_000; i++) {
            drafts.add(draft("u" + i % 900 + "@x.example"));
        }
        var half = drafts.subList(100, 600).toArray(ContactDraft[]::new);
        var known = test.apply(Conflict.UPSERT, false, half);

        var applied = test.apply(Conflict.UPSERT, false, drafts.toArray(ContactDraft[]::new));

        assertEquals(1_000, applied.size());
        assertEquals(known, applied.subList(100, 600).stream().map(ContactsTest::created).toList());
        for (int i = 0; i < 1_000; i++) {
            boolean isNew = i < 100 || i >= 600 && i < 900;
            assertEquals(
                    isNew ? Outcome.CREATED : Outcome.UPDATED, applied.get(i).outcome(), "" + i);
            assertEquals(applied.get(i % 900).contact(), applied.get(i).contact());
        }
        assertEquals(900, test.count("contact"));
    }

    @Test
    void segmentsAndTopicsOfADraftAreAddedToWhatThereIs() {
        var a = test.segment("A");
        var b = test.segment("B");
        var news = test.topic("News", "opt_in");
        var first =
                test.apply(Conflict.UPSERT, true, placed("a@x.example", List.of(a), news, false));
        var again =
                test.apply(
                        Conflict.UPSERT, true, placed("a@x.example", List.of(b, a, b), news, true));

        var id = first.getFirst().contact();
        assertEquals(id, again.getFirst().contact());
        assertEquals(2, test.count("segment_contact"));
        assertEquals(1, test.count("contact_topic"));
        assertEquals(Set.of(), optedOut(news, "a@x.example"));
        assertEquals(
                List.of(
                        "contact.created",
                        "contact.topics.updated",
                        "contact.updated",
                        "contact.topics.updated"),
                test.types(id));
        var told = Json.tree(test.events(id).get(2).data());
        assertEquals("['" + a + "','" + b + "']", ContactFixture.text(told.get("segment_ids")));
        assertEquals(a.toString(), told.get("audience_id").asString());
    }

    @Test
    void whatHasGoneSinceTheCheckIsLeftOut() {
        var foreign = test.make(test.teams.other, "/segments", "{'name':'Theirs'}");
        var values = new HashMap<String, Object>();
        values.put("gone", "x");
        test.apply(
                Conflict.UPSERT,
                false,
                new ContactDraft(
                        "a@x.example",
                        null,
                        null,
                        null,
                        values,
                        List.of(foreign, test.teams.ids.next()),
                        List.of(new TopicChoice(test.teams.ids.next(), true))));

        assertEquals(Map.of(), contact("a@x.example").values());
        assertEquals(0, test.count("segment_contact"));
        assertEquals(0, test.count("contact_topic"));
    }

    @Test
    void nothingIsToldOfAnImport() {
        var news = test.topic("News", "opt_in");
        var before = test.count("event");
        test.apply(Conflict.UPSERT, false, placed("a@x.example", List.of(), news, false));
        test.apply(Conflict.UPSERT, false, named("a@x.example", "Ann", null));
        assertEquals(before, test.count("event"));
    }

    @Test
    void aChoiceWinsOverTheDefaultAlsoForStrangers() {
        var in = test.topic("In", "opt_in");
        var out = test.topic("Out", "opt_out");
        for (var topic : List.of(in, out)) {
            test.apply(
                    Conflict.UPSERT,
                    false,
                    placed("yes@x.example", List.of(), topic, true),
                    placed("no@x.example", List.of(), topic, false),
                    draft("known@x.example"));
        }
        var asked =
                new String[] {"yes@x.example", "no@x.example", "known@x.example", "who@x.example"};

        assertEquals(Set.of("no@x.example"), optedOut(in, asked));
        assertEquals(
                Set.of("no@x.example", "known@x.example", "who@x.example"), optedOut(out, asked));
        assertEquals(Set.of(), optedOut(out));
        assertEquals(Set.of(), optedOut(test.teams.ids.next(), asked));
        assertEquals(
                Set.of(),
                test.teams.store.read(
                        tx -> test.contacts.optedOut(tx, test.teams.other, out, List.of(asked))));

        var many = IntStream.range(0, 1_500).mapToObj(i -> "u" + i + "@x.example").toList();
        assertEquals(new HashSet<>(many), optedOut(out, many.toArray(String[]::new)));
    }

    @Test
    void aDraftIsCheckedFieldByField() {
        var foreign = test.make(test.teams.other, "/segments", "{'name':'Theirs'}");
        test.make("/contact-properties", "{'key':'age','type':'number'}");
        test.make("/contact-properties", "{'key':'city','type':'string'}");

        test.contacts.check(test.teams.acme, with(Map.of("age", 3L, "city", "Rome")));
        refuses(
                "Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                draft("x"));
        refuses(
                "Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                draft("a\u0000@x.example"));
        refuses(
                "The `first_name` field must have at most 200 characters.",
                named("a@x.example", "x".repeat(201), null));
        refuses(
                "Invalid `last_name` field. Control characters are not allowed.",
                named("a@x.example", null, "\u0000"));
        refuses(
                "Invalid `last_name` field. Control characters are not allowed.",
                named("a@x.example", null, "\ud800"));
        refuses(
                "Invalid `properties` field. There is no contact property `size`.",
                with(Map.of("size", "x")));
        refuses(
                "Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                with(Map.of("age", "3")));
        refuses(
                "Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                with(Map.of("age", Double.POSITIVE_INFINITY)));
        refuses(
                "Invalid `properties.city` field. It must be a string of at most 1000 characters, without control characters.",
                with(Map.of("city", 3L)));
        refuses(
                "Invalid `properties.city` field. It must be a string of at most 1000 characters, without control characters.",
                with(Map.of("city", "x".repeat(1_001))));
        refuses("Audience not found", placed("a@x.example", List.of(foreign), null, false));
        refuses("Topic not found", placed("a@x.example", List.of(), foreign, false));
        assertEquals(0, test.count("contact"));
    }

    @Test
    void valuesOfADeletedPropertyDoNotComeBackUnderItsKey() {
        var old = test.make("/contact-properties", "{'key':'city','type':'string'}");
        test.apply(Conflict.UPSERT, false, with(Map.of("city", "Rome")));
        assertEquals(Map.of(old, "Rome"), contact("p@x.example").values());

        test.call("DELETE", "/contact-properties/" + old, "");
        var fresh = test.make("/contact-properties", "{'key':'city','type':'number'}");
        assertNotEquals(old, fresh);
        test.apply(Conflict.UPSERT, false, with(Map.of("city", 7L)));
        assertEquals(Map.of(fresh, 7L), contact("p@x.example").values());
    }

    private Contact contact(String address) {
        return test.contacts.find(test.teams.acme, new ContactKey.Address(address)).contact();
    }

    private Set<String> optedOut(UUID topic, String... addresses) {
        return test.teams.store.read(
                tx -> test.contacts.optedOut(tx, test.teams.acme, topic, List.of(addresses)));
    }

    private void refuses(String message, ContactDraft draft) {
        var refusal =
                assertThrows(ApiException.class, () -> test.contacts.check(test.teams.acme, draft));
        assertEquals(message, refusal.getMessage());
    }

    private static ContactDraft with(Map<String, Object> properties) {
        return new ContactDraft("p@x.example", null, null, null, properties, List.of(), List.of());
    }

    private static ContactDraft placed(
            String email, List<UUID> segments, UUID topic, boolean optIn) {
        return new ContactDraft(
                email,
                null,
                null,
                null,
                Map.of(),
                segments,
                topic == null ? List.of() : List.of(new TopicChoice(topic, optIn)));
    }

    private static Applied created(Applied applied) {
        return new Applied(applied.contact(), Outcome.CREATED);
    }
}
