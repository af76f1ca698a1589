package ai.mailgoat.server.contact;

import static ai.mailgoat.server.contact.ContactFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.common.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContactRoutesTest {
    private static final String AT_FIRST = "2026-03-01 10:00:00.123456+00";
    private static final String NOBODY = "018f0000-0000-7000-8000-00000000dead";

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
    void tellsOfAContactFromItsCreationToItsDeletion() {
        test.make("/contact-properties", "{'key':'city','type':'string'}");
        test.make("/contact-properties", "{'key':'age','type':'number'}");
        var segment = test.segment("All");
        var created =
                test.call(
                        "POST",
                        "/contacts",
                        """
                        {"email":"Ann+News@X.example","first_name":"Ann","last_name":"Lee","unsubscribed":true,
                         "properties":{"city":"Rome","age":41},"segments":[{"id":"%s"}]}
                        """
                                .formatted(segment));
        String id = created.text("id");
        assertEquals(201, created.status());
        assertEquals("{'object':'contact','id':'" + id + "','created':true}", text(created.body()));
        String names =
                "{'object':'contact','id':'"
                        + id
                        + "','email':'Ann+News@x.example','first_name':'Ann','last_name':'Lee',"
                        + "'unsubscribed':true,'created_at':'"
                        + AT_FIRST
                        + "','updated_at':'"
                        + AT_FIRST
                        + "'";
        String whole =
                names
                        + ",'properties':{'age':{'type':'number','value':41},"
                        + "'city':{'type':'string','value':'Rome'}}}";
        assertEquals(whole, text(test.get("/contacts/" + id).body()));
        assertEquals(whole, text(test.get("/contacts/ann+news@X.EXAMPLE").body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[" + names + "}]}",
                text(test.get("/contacts").body()));

        test.teams.pass(Duration.ofSeconds(1));
        var updated =
                test.call(
                        "PATCH",
                        "/contacts/ann+news@x.example",
                        """
                        {"first_name":null,"unsubscribed":false,"properties":{"city":null,"age":4.5},
                         "email":"ignored","audience_id":7}
                        """);
        assertEquals(200, updated.status());
        assertEquals("{'object':'contact','id':'" + id + "'}", text(updated.body()));
        assertEquals(
                "{'object':'contact','id':'"
                        + id
                        + "','email':'Ann+News@x.example','first_name':null,'last_name':'Lee',"
                        + "'unsubscribed':false,'created_at':'"
                        + AT_FIRST
                        + "','updated_at':'2026-03-01 10:00:01.123456+00',"
                        + "'properties':{'age':{'type':'number','value':4.5}}}",
                text(test.get("/contacts/" + id).body()));

        var deleted = test.call("DELETE", "/contacts/Ann+news@x.example", "{}");
        assertEquals(
                "{'object':'contact','contact':'" + id + "','id':'" + id + "','deleted':true}",
                text(deleted.body()));
        assertEquals("Contact not found", test.get("/contacts/" + id).text("message"));
        assertEquals(404, test.call("DELETE", "/contacts/" + id, "").status());
        assertEquals(0, test.count("segment_contact"));
        assertEquals(
                List.of("contact.created", "contact.updated", "contact.deleted"),
                test.types(UUID.fromString(id)));
        assertEquals(
                "{'id':'"
                        + id
                        + "','audience_id':'"
                        + segment
                        + "','segment_ids':['"
                        + segment
                        + "'],'created_at':'2026-03-01T10:00:00.123Z','updated_at':'2026-03-01T10:00:01.123Z',"
                        + "'email':'Ann+News@x.example','first_name':null,'last_name':'Lee','unsubscribed':false}",
                text(Json.tree(test.events(UUID.fromString(id)).getLast().data())));
    }

    @Test
    void aContactWithNothingButAnAddress() {
        var id = test.make("/contacts", "{'email':'a@x.example'}");
        assertEquals(
                "{'object':'contact','id':'"
                        + id
                        + "','email':'a@x.example','first_name':null,'last_name':null,'unsubscribed':false,"
                        + "'created_at':'"
                        + AT_FIRST
                        + "','updated_at':'"
                        + AT_FIRST
                        + "','properties':{}}",
                text(test.get("/contacts/" + id).body()));
    }

    @Test
    void theOneSegmentThatTheJavaClientNames() {
        var segment = test.segment("One");
        var id = test.make("/contacts", "{'email':'a@x.example','segment_id':'" + segment + "'}");
        var theirs = test.get("/contacts/" + id + "/segments").body().get("data");
        assertEquals(segment.toString(), theirs.get(0).get("id").stringValue());
    }

    @Test
    void aKnownAddressIsChangedAndAnsweredAsCreated() {
        var id =
                test.make(
                        "/contacts",
                        "{'email':'a@x.example','first_name':'Ann','last_name':'Lee'}");
        var again = test.call("POST", "/contacts", "{'email':'A@x.example','first_name':'Anna'}");
        assertEquals(201, again.status());
        assertEquals("{'object':'contact','id':'" + id + "','created':false}", text(again.body()));
        assertEquals("Anna", test.get("/contacts/" + id).text("first_name"));
        assertEquals("Lee", test.get("/contacts/" + id).text("last_name"));
        test.call("POST", "/contacts", "{'email':'a@x.example','first_name':'Anna'}");
        assertEquals(List.of("contact.created", "contact.updated"), test.types(id));
    }

    @Test
    void segmentsComeAsIdsAsObjectsAndAsAnAudience() {
        var a = test.segment("A");
        var b = test.segment("B");
        var c = test.segment("C");
        test.make(
                "/contacts",
                "{'email':'a@x.example','segments':['"
                        + a
                        + "',{'id':'"
                        + b
                        + "'}],'audience_id':'"
                        + c
                        + "'}");
        assertEquals(
                List.of(c.toString(), b.toString(), a.toString()),
                test.ids("/contacts/a@x.example/segments"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422 | missing_required_field | Missing `email` field.",
                "{'email':''} | 422 | missing_required_field | Missing `email` field.",
                "{'email':null} | 422 | missing_required_field | Missing `email` field.",
                "{'email':7} | 422 | validation_error | The `email` field must be a string.",
                "{'email':'a b@x.example'} | 422 | validation_error | Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                "{'email':'Ann <a@x.example>'} | 422 | validation_error | Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                "{'email':'a@x.example','first_name':7} | 422 | validation_error | The `first_name` field must be a string.",
                "{'email':'a@x.example','first_name':'\\u0000'} | 422 | validation_error | Invalid `first_name` field. Control characters are not allowed.",
                "{'email':'a@x.example','last_name':'\\ud800'} | 422 | validation_error | Invalid `last_name` field. Control characters are not allowed.",
                "{'email':'a@x.example','unsubscribed':'yes'} | 422 | validation_error | The `unsubscribed` field must be a boolean.",
                "{'email':'a@x.example','properties':[]} | 422 | validation_error | `properties` must be a JSON object.",
                "{'email':'a@x.example','properties':{'size':1}} | 422 | validation_error | Invalid `properties` field. There is no contact property `size`.",
                "{'email':'a@x.example','properties':{'age':'1'}} | 422 | validation_error | Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                "{'email':'a@x.example','properties':{'age':1e400}} | 422 | validation_error | Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                "{'email':'a@x.example','properties':{'age':99999999999999999999}} | 422 | validation_error | Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                "{'email':'a@x.example','properties':{'age':[1]}} | 422 | validation_error | Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
                "{'email':'a@x.example','properties':{'city':{'type':'string','value':'x'}}} | 422 | validation_error | Invalid `properties.city` field. It must be a string of at most 1000 characters, without control characters.",
                "{'email':'a@x.example','properties':{'city':'\\u0001'}} | 422 | validation_error | Invalid `properties.city` field. It must be a string of at most 1000 characters, without control characters.",
                "{'email':'a@x.example','segments':'x'} | 422 | validation_error | The `segments` field must be an array.",
                "{'email':'a@x.example','segments':['x']} | 422 | invalid_parameter | The `segments[0]` must be a valid UUID.",
                "{'email':'a@x.example','segments':[{}]} | 422 | missing_required_field | Missing `segments[0].id` field.",
                "{'email':'a@x.example','segments':[7]} | 422 | validation_error | `segments[0]` must be a JSON object.",
                "{'email':'a@x.example','segments':['018f0000-0000-7000-8000-00000000dead']} | 404 | not_found | Audience not found",
                "{'email':'a@x.example','audience_id':'x'} | 422 | invalid_parameter | The `audience_id` must be a valid UUID.",
                "{'email':'a@x.example','topics':{}} | 422 | validation_error | The `topics` field must be an array.",
                "{'email':'a@x.example','topics':[{'subscription':'opt_in'}]} | 422 | missing_required_field | Missing `topics[0].id` field.",
                "{'email':'a@x.example','topics':[{'id':'018f0000-0000-7000-8000-00000000dead'}]} | 422 | missing_required_field | Missing `topics[0].subscription` field.",
                "{'email':'a@x.example','topics':[{'id':'018f0000-0000-7000-8000-00000000dead','subscription':'maybe'}]} | 422 | validation_error | Invalid `topics[0].subscription` field. It must be one of: opt_in, opt_out.",
                "{'email':'a@x.example','topics':[{'id':'018f0000-0000-7000-8000-00000000dead','subscription':'opt_in'}]} | 404 | not_found | Topic not found",
                "[] | 422 | validation_error | The request body must be a JSON object.",
            })
    void refusesWhatCannotBeAContact(String body, int status, String name, String message) {
        test.make("/contact-properties", "{'key':'age','type':'number'}");
        test.make("/contact-properties", "{'key':'city','type':'string'}");

        var reply = test.call("POST", "/contacts", body);

        assertEquals(message, reply.text("message"));
        assertEquals(name, reply.text("name"));
        assertEquals(status, reply.status());
        assertEquals(0, test.count("contact"));
        assertEquals(0, test.count("event"));
    }

    @Test
    void boundsWhatOneContactNames() {
        String many = String.join(",", java.util.Collections.nCopies(101, "'" + NOBODY + "'"));
        var reply =
                test.call("POST", "/contacts", "{'email':'a@x.example','segments':[" + many + "]}");
        assertEquals("The `segments` field can have at most 100 entries.", reply.text("message"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'first_name':[]} | The `first_name` field must be a string.",
                "{'unsubscribed':1} | The `unsubscribed` field must be a boolean.",
                "{'properties':{'size':null}} | Invalid `properties` field. There is no contact property `size`.",
                "{'properties':{'age':true}} | Invalid `properties.age` field. It must be a number between -9007199254740991 and 9007199254740991.",
            })
    void refusesAChangeThatIsNotOne(String body, String message) {
        test.make("/contact-properties", "{'key':'age','type':'number'}");
        var id = test.make("/contacts", "{'email':'a@x.example','first_name':'Ann'}");
        var before = test.get("/contacts/" + id).body();

        var reply = test.call("PATCH", "/contacts/" + id, body);

        assertEquals(422, reply.status());
        assertEquals("validation_error", reply.text("name"));
        assertEquals(message, reply.text("message"));
        assertEquals(before, test.get("/contacts/" + id).body());
        assertEquals(List.of("contact.created"), test.types(id));
    }

    @Test
    void filtersAndPages() {
        var segment = test.segment("Some");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            var id =
                    test.make(
                            "/contacts",
                            "{'email':'u%d@x.example','unsubscribed':%s,'segments':[%s]}"
                                    .formatted(
                                            i, i % 5 == 0, i % 2 == 0 ? "'" + segment + "'" : ""));
            ids.addFirst(id.toString());
        }
        String in = "/segments/" + segment + "/contacts";
        var even = List.of(ids.get(1), ids.get(3), ids.get(5), ids.get(7), ids.get(9));

        assertEquals(ids, test.ids("/contacts"));
        assertEquals(ids.subList(0, 3), test.ids("/contacts?limit=3"));
        assertEquals("true", test.get("/contacts?limit=3").text("has_more"));
        assertEquals(ids.subList(3, 6), test.ids("/contacts?limit=3&after=" + ids.get(2)));
        assertEquals(ids.subList(1, 4), test.ids("/contacts?limit=3&before=" + ids.get(4)));
        assertEquals("false", test.get("/contacts?limit=4&before=" + ids.get(4)).text("has_more"));
        assertEquals(even, test.ids(in));
        assertEquals(even, test.ids("/contacts?segment_id=" + segment));
        assertEquals(even, test.ids("/audiences/" + segment + "/contacts"));
        assertEquals(even.subList(2, 4), test.ids(in + "?limit=2&after=" + even.get(1)));
        assertEquals(even.subList(1, 3), test.ids(in + "?limit=2&before=" + even.get(3)));
        assertEquals(List.of(ids.get(4), ids.get(9)), test.ids("/contacts?unsubscribed=true"));
        assertEquals(8, test.ids("/contacts?unsubscribed=false").size());
        assertEquals(
                List.of(ids.get(9)), test.ids("/contacts?unsubscribed=true&after=" + ids.get(4)));
        assertEquals(
                List.of(ids.get(4)), test.ids("/contacts?unsubscribed=true&before=" + ids.get(9)));
        assertEquals(List.of(ids.get(9)), test.ids(in + "?unsubscribed=true"));
        assertEquals(even.subList(0, 4), test.ids(in + "?unsubscribed=false"));
        assertEquals(List.of(ids.get(2)), test.ids("/contacts?email=U7@x.example"));
        assertEquals(List.of(), test.ids("/contacts?email=U7@x.example&unsubscribed=true"));
        assertEquals(List.of(), test.ids(in + "?email=u7@x.example"));
        assertEquals(List.of(ids.get(1)), test.ids(in + "?email=u8@x.example"));
        assertEquals(List.of(), test.ids("/contacts?email=nobody@x.example"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/contacts?segment_id=x | 422 | The `segment_id` must be a valid UUID.",
                "/contacts?segment_id=018f0000-0000-7000-8000-00000000dead | 404 | Audience not found",
                "/segments/018f0000-0000-7000-8000-00000000dead/contacts | 404 | Audience not found",
                "/segments/x/contacts | 422 | The `sid` must be a valid UUID.",
                "/contacts?unsubscribed=yes | 422 | Invalid `unsubscribed` parameter. It must be true or false.",
                "/contacts?email=x | 422 | Invalid `email` field. The email address needs to follow the `email@example.com` format.",
                "/contacts?after=x | 422 | The `after` cursor must be a valid UUID.",
                "/contacts/x | 422 | The `id` must be a valid UUID.",
                "/contacts/@ | 422 | Invalid `id` field. The email address needs to follow the `email@example.com` format.",
                "/contacts/nobody@x.example | 404 | Contact not found",
                "/contacts/nobody@x.example/segments | 404 | Contact not found",
                "/contacts/nobody@x.example/topics | 404 | Contact not found",
                "/audiences/018f0000-0000-7000-8000-00000000dead/contacts | 404 | Audience not found",
                "/audiences/018f0000-0000-7000-8000-00000000dead/contacts/a@x.example | 404 | Audience not found",
            })
    void refusesToShowWhatIsNotThere(String path, int status, String message) {
        var reply = test.get(path);
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
    }

    @Test
    void aContactEntersAndLeavesSegments() {
        var id = test.make("/contacts", "{'email':'a@x.example'}");
        var segment = test.segment("VIP");
        String path = "/contacts/a@x.example/segments/" + segment;
        String fields =
                "{'object':'contact_segment','id':'"
                        + segment
                        + "','contact_id':'"
                        + id
                        + "','segment_id':'"
                        + segment
                        + "'";
        for (int i = 0; i < 2; i++) {
            var joined = test.call("POST", path, "");
            assertEquals(200, joined.status());
            assertEquals(fields + "}", text(joined.body()));
        }
        assertEquals(
                "{'object':'list','has_more':false,'data':[{'object':'segment','id':'"
                        + segment
                        + "','name':'VIP','created_at':'"
                        + AT_FIRST
                        + "'}]}",
                text(test.get("/contacts/" + id + "/segments").body()));
        for (int i = 0; i < 2; i++) {
            var left = test.call("DELETE", path, "{}");
            assertEquals(200, left.status());
            assertEquals(fields + ",'deleted':true}", text(left.body()));
        }
        assertEquals(List.of(), test.ids("/contacts/a@x.example/segments"));
        assertEquals(
                List.of("contact.created", "contact.updated", "contact.updated"), test.types(id));

        for (String method : List.of("POST", "DELETE")) {
            assertEquals(
                    "Audience not found",
                    test.call(method, "/contacts/" + id + "/segments/" + NOBODY, "")
                            .text("message"));
            assertEquals(
                    "Contact not found",
                    test.call(method, "/contacts/" + NOBODY + "/segments/" + segment, "")
                            .text("message"));
        }
    }

    @Test
    void aContactPagesThroughItsSegments() {
        var ids = new ArrayList<String>();
        var given = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            var id = test.segment("S" + i);
            ids.addFirst(id.toString());
            given.add("'" + id + "'");
        }
        test.make(
                "/contacts",
                "{'email':'a@x.example','segments':[" + String.join(",", given) + "]}");
        String path = "/contacts/a@x.example/segments?limit=2";
        assertEquals(ids.subList(0, 2), test.ids(path));
        assertEquals(ids.subList(2, 4), test.ids(path + "&after=" + ids.get(1)));
        assertEquals(ids.subList(1, 3), test.ids(path + "&before=" + ids.get(3)));
    }

    @Test
    void aContactSaysWhichTopicsItWants() {
        var news = test.topic("News", "opt_in");
        var offers =
                test.make(
                        "/topics",
                        "{'name':'Offers','default_subscription':'opt_out','description':'Cheap'}");
        var id = test.make("/contacts", "{'email':'a@x.example'}");
        String path = "/contacts/a@x.example/topics";
        assertEquals(
                "{'object':'list','has_more':false,'data':["
                        + "{'id':'"
                        + offers
                        + "','name':'Offers','description':'Cheap','subscription':'opt_out'},"
                        + "{'id':'"
                        + news
                        + "','name':'News','description':null,'subscription':'opt_in'}]}",
                text(test.get(path).body()));

        var bare =
                test.call(
                        "PATCH",
                        path,
                        "[{'id':'"
                                + news
                                + "','subscription':'opt_out'},{'id':'"
                                + offers
                                + "','subscription':'opt_in'}]");
        assertEquals(200, bare.status());
        assertEquals(
                "{'object':'contact_topics','id':'"
                        + id
                        + "','contact_id':'"
                        + id
                        + "','topics':[{'id':'"
                        + news
                        + "','subscription':'opt_out'},{'id':'"
                        + offers
                        + "','subscription':'opt_in'}]}",
                text(bare.body()));
        assertEquals(List.of("opt_in", "opt_out"), subscriptions(path));

        test.call("PATCH", path, "{'topics':[{'id':'" + news + "','subscription':'opt_in'}]}");
        assertEquals(List.of("opt_in", "opt_in"), subscriptions(path));
        assertEquals(List.of("opt_in"), subscriptions(path + "?limit=1"));
        assertEquals(
                "{'id':'"
                        + id
                        + "','email':'a@x.example','topics':[{'id':'"
                        + news
                        + "','subscription':'opt_in'}]}",
                text(Json.tree(test.events(id).getLast().data())));
        assertEquals(
                List.of("contact.created", "contact.topics.updated", "contact.topics.updated"),
                test.types(id));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422 | Missing `topics` field.",
                "'' | 422 | Missing `topics` field.",
                "7 | 422 | The request body must be a JSON object.",
                "{'topics':'x'} | 422 | The `topics` field must be an array.",
                "[7] | 422 | `topics[0]` must be a JSON object.",
                "[{'id':'x','subscription':'opt_in'}] | 422 | The `topics[0].id` must be a valid UUID.",
                "[{'id':'018f0000-0000-7000-8000-00000000dead','subscription':'opt_in'}] | 404 | Topic not found",
            },
            quoteCharacter = '~')
    void refusesChoicesThatAreNone(String body, int status, String message) {
        var id = test.make("/contacts", "{'email':'a@x.example'}");
        var reply =
                test.call("PATCH", "/contacts/" + id + "/topics", body.equals("''") ? "" : body);
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
        assertEquals(0, test.count("contact_topic"));
        assertEquals(List.of("contact.created"), test.types(id));
    }

    @Test
    void anAudienceShowsOnlyItsOwnContacts() {
        var mine = test.segment("Mine");
        var empty = test.segment("Empty");
        var id = test.make("/audiences/" + mine + "/contacts", "{'email':'a@x.example'}");
        String in = "/audiences/" + mine + "/contacts/a@x.example";
        String elsewhere = "/audiences/" + empty + "/contacts/a@x.example";

        assertEquals(id.toString(), test.get(in).text("id"));
        assertEquals("Contact not found", test.get(elsewhere).text("message"));
        assertEquals(404, test.call("PATCH", elsewhere, "{'first_name':'X'}").status());
        assertEquals(200, test.call("PATCH", in, "{'first_name':'Ann'}").status());
        assertEquals("Ann", test.get("/contacts/" + id).text("first_name"));
        assertEquals(
                404,
                test.call("POST", "/audiences/" + NOBODY + "/contacts", "{'email':'b@x.example'}")
                        .status());

        var missed = test.call("DELETE", elsewhere, "");
        assertEquals(200, missed.status());
        assertEquals(
                "{'object':'contact','contact':'a@x.example','id':null,'deleted':true}",
                text(missed.body()));
        assertEquals(200, test.get("/contacts/" + id).status());
        assertEquals(
                404,
                test.call("DELETE", "/audiences/" + NOBODY + "/contacts/x@x.example", "").status());
        assertEquals(
                "{'object':'contact','contact':'a@x.example','id':'" + id + "','deleted':true}",
                text(test.call("DELETE", in, "").body()));
        assertEquals(404, test.get("/contacts/" + id).status());
    }

    @Test
    void anotherTeamSeesNothingOfIt() {
        var id = test.make("/contacts", "{'email':'a@x.example'}");
        var segment = test.segment("Mine");
        var topic = test.topic("Mine", "opt_in");
        var other = test.teams.other;
        String choice = "[{'id':'" + topic + "','subscription':'opt_out'}]";
        for (String key : List.of(id.toString(), "a@x.example")) {
            String path = "/contacts/" + key;
            assertEquals(404, test.call(other, "GET", path, "").status());
            assertEquals(404, test.call(other, "PATCH", path, "{'first_name':'X'}").status());
            assertEquals(404, test.call(other, "DELETE", path, "").status());
            assertEquals(404, test.call(other, "GET", path + "/segments", "").status());
            assertEquals(404, test.call(other, "GET", path + "/topics", "").status());
            assertEquals(404, test.call(other, "PATCH", path + "/topics", choice).status());
            assertEquals(404, test.call(other, "POST", path + "/segments/" + segment, "").status());
        }
        var theirs = test.make(other, "/contacts", "{'email':'a@x.example'}");
        String path = "/contacts/" + theirs;
        assertEquals(404, test.call(other, "POST", path + "/segments/" + segment, "").status());
        assertEquals(404, test.call(other, "DELETE", path + "/segments/" + segment, "").status());
        assertEquals(404, test.call(other, "PATCH", path + "/topics", choice).status());
        assertEquals(
                404, test.call(other, "GET", "/segments/" + segment + "/contacts", "").status());
        assertEquals(404, test.call(other, "GET", "/contacts?segment_id=" + segment, "").status());
        assertEquals(
                404,
                test.call(
                                other,
                                "POST",
                                "/audiences/" + segment + "/contacts",
                                "{'email':'a@x.example'}")
                        .status());
        assertEquals(
                404,
                test.call(
                                other,
                                "POST",
                                "/contacts",
                                "{'email':'b@x.example','segments':['" + segment + "']}")
                        .status());
        assertEquals(1, test.call(other, "GET", "/contacts", "").body().get("data").size());
        assertEquals(1, test.ids("/contacts").size());
        assertEquals("null", test.get("/contacts/" + id).text("first_name"));
    }

    private List<String> subscriptions(String path) {
        return test.get(path)
                .body()
                .get("data")
                .valueStream()
                .map(item -> item.get("subscription").asString())
                .toList();
    }
}
