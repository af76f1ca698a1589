package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UNKNOWN;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.core.net.RequestOptions;
import com.resend.services.contactproperties.ContactProperties;
import com.resend.services.contactproperties.model.CreateContactPropertyOptions;
import com.resend.services.contactproperties.model.UpdateContactPropertyOptions;
import com.resend.services.contacts.Contacts;
import com.resend.services.contacts.model.AddContactToSegmentOptions;
import com.resend.services.contacts.model.Contact;
import com.resend.services.contacts.model.ContactImportColumnMap;
import com.resend.services.contacts.model.ContactImportPropertyMapping;
import com.resend.services.contacts.model.ContactImportTopicSubscription;
import com.resend.services.contacts.model.ContactTopicOptions;
import com.resend.services.contacts.model.CreateContactImportOptions;
import com.resend.services.contacts.model.CreateContactOptions;
import com.resend.services.contacts.model.GetContactOptions;
import com.resend.services.contacts.model.ListContactImportsParams;
import com.resend.services.contacts.model.ListContactsOptions;
import com.resend.services.contacts.model.ListContactsResponseSuccess;
import com.resend.services.contacts.model.RemoveContactFromSegmentOptions;
import com.resend.services.contacts.model.RemoveContactOptions;
import com.resend.services.contacts.model.UpdateContactOptions;
import com.resend.services.contacts.model.UpdateContactTopicsOptions;
import com.resend.services.segments.Segments;
import com.resend.services.segments.model.CreateSegmentOptions;
import com.resend.services.topics.Topics;
import com.resend.services.topics.model.CreateTopicOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Contacts with their segments, topics, properties and imports.
final class JavaContacts {
    private static final String ADA = "ada+java@inbox.example";

    private final Contacts contacts;
    private final ContactProperties properties;
    private final Segments segments;
    private final Topics topics;
    private final JavaSdk sdk;

    JavaContacts(JavaSdk sdk) {
        this.sdk = sdk;
        contacts = sdk.here(sdk.resend.contacts());
        properties = sdk.here(sdk.resend.contactProperties());
        segments = sdk.here(sdk.resend.segments());
        topics = sdk.here(sdk.resend.topics());
    }

    void drive() throws Exception {
        properties();
        String segment =
                segments.create(CreateSegmentOptions.builder().name("Of contacts").build()).getId();
        var ids = new ArrayList<String>();
        for (String name : List.of("bob", "cid")) {
            var options = CreateContactOptions.builder().email(name + "@inbox.example").build();
            ids.add(contacts.create(options).getId());
        }
        var made =
                contacts.create(
                        CreateContactOptions.builder()
                                .email(ADA)
                                .firstName("Ada")
                                .lastName("Lövelace")
                                .unsubscribed(false)
                                .segmentId(segment)
                                .build());
        assertEquals("contact", made.getObject());
        String id = made.getId();
        matches(UUID, id);
        read(id);
        lists(segment, id);
        segments(segment, id);
        topics(id);
        imports(segment);
        remove(id, ids);
    }

    private void properties() throws Exception {
        var made =
                properties.create(
                        CreateContactPropertyOptions.builder()
                                .key("java_plan")
                                .type("string")
                                .fallbackValue("free")
                                .build());
        assertEquals("contact_property", made.getObject());
        var got = properties.get(made.getId());
        assertEquals("java_plan", got.getKey());
        assertEquals("string", got.getType());
        assertEquals("free", got.getFallbackValue());
        matches(TIME, got.getCreatedAt());
        var changed =
                properties.update(
                        UpdateContactPropertyOptions.builder()
                                .id(made.getId())
                                .fallbackValue("paid")
                                .build());
        assertEquals(made.getId(), changed.getId());
        var list = properties.list();
        assertEquals("list", list.getObject());
        assertFalse(list.hasMore());
        assertEquals("paid", list.getData().getFirst().getFallbackValue());
        assertTrue(properties.remove(made.getId()).isDeleted());
        refused(404, "not_found", "not found", () -> properties.get(made.getId()));
    }

    private void read(String id) throws Exception {
        var got = contacts.get(id);
        assertEquals("contact", got.getObject());
        assertEquals(id, got.getId());
        assertEquals(ADA, got.getEmail());
        assertEquals("Ada", got.getFirstName());
        assertEquals("Lövelace", got.getLastName());
        assertFalse(got.getUnsubscribed());
        assertEquals(0, got.getProperties().size());
        matches(TIME, got.getCreatedAt());
        assertEquals(id, contacts.get(GetContactOptions.builder().email(ADA).build()).getId());
        var changed =
                contacts.update(
                        UpdateContactOptions.builder()
                                .email(ADA)
                                .firstName("Augusta")
                                .unsubscribed(true)
                                .build());
        assertEquals(id, changed.getId());
        assertEquals("contact", changed.getObject());
        assertEquals("Augusta", contacts.get(id).getFirstName());
        assertTrue(contacts.get(ADA).getUnsubscribed());
        refused(404, "not_found", "Contact not found", () -> contacts.get(UNKNOWN));
    }

    private void lists(String segment, String id) throws Exception {
        var all = contacts.list();
        assertEquals("list", all.getObject());
        assertEquals(id, all.getData().getFirst().getId());
        assertEquals(ADA, all.getData().getFirst().getEmail());
        var one = ListParams.builder().limit(1).build();
        assertTrue(contacts.list(one).hasMore());
        var here = ListContactsOptions.builder().segmentId(segment).build();
        for (var part :
                List.of(
                        contacts.list(segment),
                        contacts.list(segment, one),
                        contacts.list(here),
                        contacts.list(here, one))) {
            assertEquals(List.of(id), ids(part));
            assertFalse(part.hasMore());
        }
    }

    private static List<String> ids(ListContactsResponseSuccess list) {
        return list.getData().stream().map(Contact::getId).toList();
    }

    private void segments(String segment, String id) throws Exception {
        var theirs = sdk.here(contacts.segments());
        var list = theirs.list(id);
        assertEquals("list", list.getObject());
        assertEquals(segment, list.getData().getFirst().getId());
        assertEquals("Of contacts", list.getData().getFirst().getName());
        var removed =
                theirs.remove(
                        RemoveContactFromSegmentOptions.builder()
                                .id(id)
                                .segmentId(segment)
                                .build());
        assertEquals(segment, removed.getId());
        assertTrue(removed.getDeleted());
        assertEquals(0, theirs.list(ADA).getData().size());
        var added =
                theirs.add(
                        AddContactToSegmentOptions.builder().email(ADA).segmentId(segment).build());
        assertEquals(segment, added.getId());
        var page = theirs.list(id, ListParams.builder().limit(1).build());
        assertEquals(1, page.getData().size());
        assertFalse(page.getHasMore());
    }

    private void topics(String id) throws Exception {
        String topic =
                topics.create(
                                CreateTopicOptions.builder()
                                        .name("Of contacts")
                                        .defaultSubscription("opt_in")
                                        .build())
                        .getId();
        var theirs = sdk.here(contacts.topics());
        var out = ContactTopicOptions.builder().id(topic).subscription("opt_out").build();
        var in = ContactTopicOptions.builder().id(topic).subscription("opt_in").build();
        assertEquals("opt_in", theirs.list(id).getData().getFirst().getSubscription());
        var changed = UpdateContactTopicsOptions.builder().id(id).topics(out).build();
        assertEquals(id, theirs.update(changed).getId());
        var page = theirs.list(id, ListParams.builder().limit(1).build());
        assertEquals("opt_out", page.getData().getFirst().getSubscription());
        assertEquals("Of contacts", page.getData().getFirst().getName());
        assertEquals("list", page.getObject());

        // The older names of the same.
        var back = UpdateContactTopicsOptions.builder().email(ADA).topics(in).build();
        assertEquals(id, contacts.updateTopics(back).getId());
        assertEquals("opt_in", contacts.getTopics(id).getData().getFirst().getSubscription());
        var one = contacts.getTopics(ADA, ListParams.builder().limit(1).build());
        assertEquals(topic, one.getData().getFirst().getId());
        topics.remove(topic);
    }

    private void imports(String segment) throws Exception {
        var imports = sdk.here(contacts.imports());
        String plan =
                properties
                        .create(
                                CreateContactPropertyOptions.builder()
                                        .key("plan")
                                        .type("string")
                                        .build())
                        .getId();
        String topic =
                topics.create(
                                CreateTopicOptions.builder()
                                        .name("Of imports")
                                        .defaultSubscription("opt_out")
                                        .build())
                        .getId();
        byte[] csv =
                "Mail,First,Plan\neve@inbox.example,Eve,big\nbob@inbox.example,Bob,small\n"
                        .getBytes(StandardCharsets.UTF_8);
        var options =
                CreateContactImportOptions.builder()
                        .file(csv, "people.csv")
                        .columnMap(
                                ContactImportColumnMap.builder()
                                        .email("Mail")
                                        .firstName("First")
                                        .property(
                                                "plan",
                                                ContactImportPropertyMapping.builder()
                                                        .column("Plan")
                                                        .type("string")
                                                        .build())
                                        .build())
                        .onConflict("upsert")
                        .segments(segment)
                        .topics(new ContactImportTopicSubscription(topic, "opt_in"))
                        .build();
        var made = imports.create(options);
        assertEquals("contact_import", made.getObject());
        Service.await(
                "imported",
                Duration.ofSeconds(20),
                () ->
                        sdk.installation
                                .get("/contacts/imports/" + made.getId())
                                .get("status")
                                .stringValue()
                                .equals("completed"));
        var got = imports.get(made.getId());
        assertEquals("completed", got.getStatus());
        matches(TIME, got.getCompletedAt());
        assertEquals(2, got.getCounts().getTotal());
        assertEquals(1, got.getCounts().getCreated());
        assertEquals(1, got.getCounts().getUpdated());
        assertEquals(0, got.getCounts().getSkipped() + got.getCounts().getFailed());
        var eve = contacts.get("eve@inbox.example");
        assertEquals("Eve", eve.getFirstName());
        assertEquals("big", eve.getProperties().get("plan").getValue());
        assertEquals("string", eve.getProperties().get("plan").getType());
        assertEquals("Bob", contacts.get("bob@inbox.example").getFirstName());

        var second =
                imports.create(
                        CreateContactImportOptions.builder()
                                .file("email\neve@inbox.example\n".getBytes(), "more.csv")
                                .onConflict("skip")
                                .build(),
                        RequestOptions.builder().setIdempotencyKey("java/import").build());
        assertEquals(second.getId(), imports.list().getData().getFirst().getId());
        var page =
                imports.list(
                        ListContactImportsParams.builder().limit(1).after(second.getId()).build());
        assertEquals(made.getId(), page.getData().getFirst().getId());
        assertFalse(page.hasMore());
        topics.remove(topic);
        properties.remove(plan);
    }

    private void remove(String id, List<String> others) throws Exception {
        var removed = contacts.remove(id);
        assertEquals("contact", removed.getObject());
        assertEquals(id, removed.getContact());
        var byMail = RemoveContactOptions.builder().email("bob@inbox.example").build();
        assertTrue(contacts.remove(byMail).getContact() != null);
        for (String gone : List.of(id, others.getFirst())) {
            refused(404, "not_found", "Contact not found", () -> contacts.get(gone));
        }
        assertNull(contacts.get(others.get(1)).getFirstName());
        for (String left : ids(contacts.list())) {
            contacts.remove(left);
        }
    }
}
