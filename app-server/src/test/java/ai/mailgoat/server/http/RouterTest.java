package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.Router.Found;
import ai.mailgoat.server.http.Router.NoSuchPath;
import ai.mailgoat.server.http.Router.WrongMethod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final Endpoints.Handler NOTHING = call -> Answer.ok(Map.of());

    private final Endpoints endpoints =
            new Endpoints()
                    .get("/emails/{id}", Access.FULL, NOTHING)
                    .patch("/emails/{id}", Access.FULL, NOTHING)
                    .post("/emails", Access.SENDING, NOTHING)
                    .get("/emails", Access.FULL, NOTHING)
                    .post("/emails/batch", Access.SENDING, NOTHING)
                    .get("/emails/receiving", Access.FULL, NOTHING)
                    .get("/emails/receiving/{id}", Access.FULL, NOTHING)
                    .get("/emails/{id}/attachments", Access.FULL, NOTHING)
                    .get("/emails/{id}/attachments/{attachment}", Access.FULL, NOTHING)
                    .get("/contacts/{contact}", Access.FULL, NOTHING)
                    .delete("/contacts/{email}", Access.FULL, NOTHING)
                    .get("/contacts/imports/{id}", Access.FULL, NOTHING)
                    .get("/contacts/{contact}/segments", Access.FULL, NOTHING)
                    .get("/", Access.PUBLIC, NOTHING);
    private final Router router = new Router(endpoints);

    @ParameterizedTest
    @CsvSource({
        "GET, /emails, /emails",
        "POST, /emails, /emails",
        "GET, /emails/, /emails",
        "GET, /emails/abc, /emails/{id}",
        "GET, /emails/abc/, /emails/{id}",
        "PATCH, /emails/abc, /emails/{id}",
        "POST, /emails/batch, /emails/batch",
        "GET, /emails/receiving, /emails/receiving",
        "GET, /emails/receiving/x, /emails/receiving/{id}",
        "GET, /emails/receiving/attachments, /emails/receiving/{id}",
        "GET, /emails/x/attachments, /emails/{id}/attachments",
        "GET, /emails/x/attachments/y, /emails/{id}/attachments/{attachment}",
        "GET, /contacts/imports, /contacts/{contact}",
        "GET, /contacts/imports/segments, /contacts/imports/{id}",
        "HEAD, /emails, /emails",
        "GET, /, /",
    })
    void findsTheRouteAndPrefersLiterals(String method, String path, String route) {
        var found = assertInstanceOf(Found.class, router.match(method, path));
        assertEquals(route, found.endpoint().path());
    }

    @ParameterizedTest
    @CsvSource({
        "/contacts/a+b@x.dev, a+b@x.dev",
        "/contacts/a%2Bb%40x.dev, a+b@x.dev",
        "/contacts/a%2fb, a/b",
        "/contacts/Welcome%20mail, Welcome mail",
        "/contacts/%C3%BCber, über",
        "/contacts/a;b=c, a;b=c",
    })
    void decodesAParameter(String path, String expected) {
        var found = assertInstanceOf(Found.class, router.match("GET", path));
        assertEquals(Map.of("contact", expected), found.parameters());
    }

    @Test
    void namesTheParameterAsTheChosenMethodDoes() {
        var found = assertInstanceOf(Found.class, router.match("DELETE", "/contacts/x"));
        assertEquals(Map.of("email", "x"), found.parameters());
    }

    @Test
    void forgetsAParameterOfABranchThatLedNowhere() {
        var found =
                assertInstanceOf(
                        Found.class, router.match("GET", "/emails/receiving/attachments/7"));
        assertEquals(Map.of("id", "receiving", "attachment", "7"), found.parameters());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/emails/a/b",
                "/emails//",
                "/emails//attachments",
                "/Emails",
                "/emails/../domains"
            })
    void knowsNoOtherPaths(String path) {
        assertInstanceOf(NoSuchPath.class, router.match("GET", path));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /emails/batch, POST",
        "DELETE, /emails, 'GET, POST, HEAD'",
        "OPTIONS, /emails/x, 'GET, PATCH, HEAD'",
        "get, /emails, 'GET, POST, HEAD'",
    })
    void tellsTheMethodsThatAre(String method, String path, String allow) {
        var wrong = assertInstanceOf(WrongMethod.class, router.match(method, path));
        assertEquals(allow, wrong.allow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/contacts/%",
                "/contacts/%4",
                "/contacts/%zz",
                "/contacts/%ff",
                "/contacts/%00",
                "/contacts/a%0d%0ab",
                "/contacts/%C3%28"
            })
    void refusesBrokenEncodings(String path) {
        var refused = assertThrows(ApiException.class, () -> router.match("GET", path));
        assertEquals(400, refused.status());
    }

    @Test
    void refusesARouteDeclaredTwice() {
        var twice =
                new Endpoints()
                        .get("/x/{a}", Access.FULL, NOTHING)
                        .get("/x/{b}", Access.FULL, NOTHING);
        assertThrows(IllegalArgumentException.class, () -> new Router(twice));
    }
}
