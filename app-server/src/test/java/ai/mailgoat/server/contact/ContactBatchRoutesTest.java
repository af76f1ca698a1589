package ai.mailgoat.server.contact;

import static ai.mailgoat.server.contact.ContactFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContactBatchRoutesTest {
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
    void savesManyAndSaysWhatBecameOfEach() {
        var segment = test.segment("All");
        var known = test.make("/contacts", "{'email':'a@x.example','first_name':'Ann'}");
        String items =
                "[{'email':'A@x.example','first_name':'Anna'},{'email':'b@x.example','segments':['"
                        + segment
                        + "']}]";

        var reply = test.call("POST", "/contacts/batch", items);

        assertEquals(200, reply.status());
        String fresh = reply.body().get("data").get(1).get("id").asString();
        assertEquals(
                "{'data':[{'object':'contact','id':'"
                        + known
                        + "','status':'updated'},{'object':'contact','id':'"
                        + fresh
                        + "','status':'created'}]}",
                text(reply.body()));
        assertEquals("Anna", test.get("/contacts/" + known).text("first_name"));
        assertEquals(java.util.List.of(fresh), test.ids("/segments/" + segment + "/contacts"));

        var skipped =
                test.call(
                        "POST",
                        "/contacts/batch",
                        "{'contacts':[{'email':'a@x.example','first_name':'X'}],'on_conflict':'skip'}");
        assertEquals(
                "{'data':[{'object':'contact','id':'" + known + "','status':'skipped'}]}",
                text(skipped.body()));
        assertEquals("Anna", test.get("/contacts/" + known).text("first_name"));
        assertEquals(java.util.List.of("contact.created", "contact.updated"), test.types(known));
    }

    @Test
    void isAllOrNothing() {
        var reply =
                test.call(
                        "POST",
                        "/contacts/batch",
                        "[{'email':'a@x.example'},{'email':'b@x.example','first_name':7},{'email':'x'}]");

        assertEquals(422, reply.status());
        assertEquals("validation_error", reply.text("name"));
        assertEquals(
                "contacts[1]: The `first_name` field must be a string.", reply.text("message"));
        assertEquals(0, test.count("contact"));
    }

    @Test
    void aPermissiveBatchSavesWhatIsRight() {
        var reply =
                test.permissive(
                        "[7,{'email':'a@x.example'},{'email':'x'},{'email':'b@x.example','properties':{'size':1}},"
                                + "{'email':'c@x.example'},{'email':'d@x.example','segments':['018f0000-0000-7000-8000-00000000dead']}]");

        assertEquals(200, reply.status());
        assertEquals(2, reply.body().get("data").size());
        assertEquals(
                "[{'index':0,'message':'The request body must be a JSON object.'},"
                        + "{'index':2,'message':'Invalid `email` field. The email address needs to follow the `email@example.com` format.'},"
                        + "{'index':3,'message':'Invalid `properties` field. There is no contact property `size`.'},"
                        + "{'index':5,'message':'Audience not found'}]",
                text(reply.body().get("errors")));
        assertEquals(2, test.count("contact"));

        var fine = test.permissive("[{'email':'a@x.example'}]");
        assertEquals("[]", text(fine.body().get("errors")));
        var bad = test.permissive("[{'email':'x'}]");
        assertEquals(200, bad.status());
        assertEquals("[]", text(bad.body().get("data")));
    }

    @Test
    void takesAThousandAndNoMore() {
        assertEquals(
                1_000, test.call("POST", "/contacts/batch", many(1_000)).body().get("data").size());
        assertEquals(1_000, test.count("contact"));
        assertEquals(
                "A batch must have between 1 and 1000 contacts.",
                test.call("POST", "/contacts/batch", many(1_001)).text("message"));
        assertEquals(1_000, test.count("contact"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing_required_field | Missing `contacts` field.",
                "[] | validation_error | A batch must have between 1 and 1000 contacts.",
                "7 | validation_error | The request body must be a JSON object.",
                "{'contacts':{}} | validation_error | The `contacts` field must be an array.",
                "{'contacts':[{'email':'a@x.example'}],'on_conflict':'merge'} | validation_error | Invalid `on_conflict` field. It must be one of: upsert, skip.",
            })
    void refusesWhatIsNoBatch(String body, String name, String message) {
        var reply = test.call("POST", "/contacts/batch", body);
        assertEquals(422, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(message, reply.text("message"));
        assertEquals(0, test.count("contact"));
    }

    private static String many(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> "{'email':'u" + i + "@x.example'}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
