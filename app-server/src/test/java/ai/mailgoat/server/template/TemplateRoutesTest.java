package ai.mailgoat.server.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateRoutesTest {
    private static final String ORDER =
            """
            {"name":"Order","alias":"order","from":"Shop <shop@acme.example>","subject":"{{{PRODUCT}}} is coming",
             "reply_to":"help@acme.example","html":"<p>{{{PRODUCT}}} at {{{ PRICE }}}</p>","text":"{{{PRODUCT}}}: {{{PRICE}}}",
             "variables":[{"key":"PRODUCT","type":"string"},{"key":"PRICE","type":"number","fallback_value":25}]}
            """;

    @TempDir Path directory;
    private TwoTeams teams;
    private Templates templates;

    @BeforeEach
    void open() {
        teams = new TwoTeams(directory);
        templates = new Templates(teams.store, teams.clock(), teams.ids);
        new TemplateRoutes(templates).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void keepsADraftFieldByField() {
        var made = call("POST", "/templates", ORDER);
        assertEquals(201, made.status());
        assertEquals("template", made.text("object"));
        var body = call("GET", "/templates/" + made.text("id"), "").body();
        assertEquals(made.text("id"), body.get("id").asString());
        assertEquals("template", body.get("object").asString());
        assertEquals("Order", body.get("name").asString());
        assertEquals("order", body.get("alias").asString());
        assertEquals("Shop <shop@acme.example>", body.get("from").asString());
        assertEquals("{{{PRODUCT}}} is coming", body.get("subject").asString());
        assertEquals("[\"help@acme.example\"]", body.get("reply_to").toString());
        assertEquals("<p>{{{PRODUCT}}} at {{{ PRICE }}}</p>", body.get("html").asString());
        assertEquals("{{{PRODUCT}}}: {{{PRICE}}}", body.get("text").asString());
        assertEquals("draft", body.get("status").asString());
        assertTrue(body.get("published_at").isNull());
        assertEquals("2026-03-01 10:00:00.123456+00", body.get("created_at").asString());
        assertEquals("2026-03-01 10:00:00.123456+00", body.get("updated_at").asString());
        assertTrue(body.get("has_unpublished_versions").booleanValue());
        assertEquals(36, body.get("current_version_id").asString().length());
        var price = body.get("variables").get(1);
        assertEquals("PRICE", price.get("key").asString());
        assertEquals("number", price.get("type").asString());
        assertEquals(25, price.get("fallback_value").intValue());
        assertEquals("2026-03-01 10:00:00.123456+00", price.get("created_at").asString());
        assertTrue(body.get("variables").get(0).get("fallback_value").isNull());
        assertEquals(body, call("GET", "/templates/order", "").body());
    }

    @Test
    void whatIsOptionalIsNull() {
        var id = call("POST", "/templates", "{\"name\":\"x\",\"html\":\"\"}").text("id");
        var body = call("GET", "/templates/" + id, "").body();
        for (String field : List.of("alias", "from", "subject", "reply_to", "text")) {
            assertTrue(body.get(field).isNull(), field);
        }
        assertEquals("[]", body.get("variables").toString());
    }

    @Test
    void anEditOfAPublishedTemplateIsADraftBesideIt() {
        String id = call("POST", "/templates", ORDER).text("id");
        String draft = get(id).text("current_version_id");
        call("PATCH", "/templates/order", "{\"html\":\"<b>{{{PRODUCT}}}</b>\"}");
        assertEquals(draft, get(id).text("current_version_id"), "a draft is edited in place");
        teams.pass(Duration.ofMinutes(1));
        var published = call("POST", "/templates/order/publish", "");
        assertEquals(200, published.status());
        assertEquals(id, published.text("id"));
        var live = get(id);
        assertEquals("published", live.text("status"));
        assertEquals("false", live.text("has_unpublished_versions"));
        assertEquals("2026-03-01 10:01:00.123456+00", live.text("published_at"));
        assertEquals(draft, live.text("current_version_id"));

        teams.pass(Duration.ofMinutes(1));
        call("PATCH", "/templates/order", "{\"html\":\"<i>{{{PRODUCT}}}</i>\",\"from\":null}");
        var edited = get(id);
        assertEquals("published", edited.text("status"));
        assertEquals("true", edited.text("has_unpublished_versions"));
        assertEquals("<i>{{{PRODUCT}}}</i>", edited.text("html"));
        assertEquals("null", edited.text("from"));
        assertNotEquals(draft, edited.text("current_version_id"));
        assertEquals("2026-03-01 10:01:00.123456+00", edited.text("published_at"));
        assertEquals("<b>x</b>", render("order", "{\"PRODUCT\":\"x\"}").html());

        call("POST", "/templates/" + id + "/publish", "");
        assertEquals("<i>x</i>", render("order", "{\"PRODUCT\":\"x\"}").html());
        assertEquals("2026-03-01 10:02:00.123456+00", get(id).text("published_at"));
    }

    @Test
    void publishingOnceMoreChangesNothing() {
        String id = published();
        var before = get(id).body();
        teams.pass(Duration.ofMinutes(5));
        assertEquals(200, call("POST", "/templates/order/publish", "").status());
        assertEquals(before, get(id).body());
    }

    @Test
    void aNameOrTheSameContentIsNoNewVersion() {
        String id = published();
        String version = get(id).text("current_version_id");
        call("PATCH", "/templates/order", ORDER);
        call("PATCH", "/templates/order", "{\"name\":\"Other\"}");
        assertEquals(version, get(id).text("current_version_id"));
        assertEquals("Other", get(id).text("name"));
        assertEquals("false", get(id).text("has_unpublished_versions"));
    }

    @Test
    void aVariableKeepsItsIdWhileItsKeyStays() {
        String id = call("POST", "/templates", ORDER).text("id");
        var before = get(id).body().get("variables");
        teams.pass(Duration.ofSeconds(1));
        call(
                "PATCH",
                "/templates/order",
                "{\"variables\":[{\"key\":\"PRICE\",\"type\":\"number\",\"fallback_value\":30},"
                        + "{\"key\":\"PRODUCT\",\"type\":\"string\"}]}");
        var after = get(id).body().get("variables");
        assertEquals(before.get(1).get("id"), after.get(0).get("id"));
        assertEquals(before.get(1).get("created_at"), after.get(0).get("created_at"));
        assertNotEquals(before.get(1).get("updated_at"), after.get(0).get("updated_at"));
        assertEquals(before.get(0), after.get(1));
    }

    @Test
    void publishingNeedsContentAndDeclaredVariables() {
        call("POST", "/templates", "{\"name\":\"x\",\"html\":\" \",\"alias\":\"x\"}");
        refused(422, "Template HTML is required", call("POST", "/templates/x/publish", ""));
        call("PATCH", "/templates/x", "{\"html\":\"a\",\"subject\":\"{{{OOPS}}}\"}");
        refused(
                422,
                "The template uses `{{{OOPS}}}`, which is not among its `variables`.",
                call("POST", "/templates/x/publish", ""));
        call(
                "PATCH",
                "/templates/x",
                "{\"html\":\"{{{contact.first_name|you}}}\",\"subject\":\"\"}");
        refused(
                422,
                "The template uses `{{{contact.first_name|you}}}`, which is not among its `variables`.",
                call("POST", "/templates/x/publish", ""));
        assertEquals("draft", get("x").text("status"));
        call("PATCH", "/templates/x", "{\"html\":\"{{NOT_OURS}} {{{\"}");
        assertEquals(200, call("POST", "/templates/x/publish", "").status());
        assertEquals("{{NOT_OURS}} {{{", render("x", "{}").html());
    }

    @Test
    void aCopyIsADraftWithoutAlias() {
        String id = published();
        var copied = call("POST", "/templates/order/duplicate", "");
        assertEquals(200, copied.status());
        assertNotEquals(id, copied.text("id"));
        var copy = get(copied.text("id"));
        assertEquals("Order (Copy)", copy.text("name"));
        assertEquals("null", copy.text("alias"));
        assertEquals("draft", copy.text("status"));
        assertEquals(get(id).text("html"), copy.text("html"));
        call("PATCH", "/templates/order", "{\"name\":\"" + "n".repeat(200) + "\"}");
        var second = call("POST", "/templates/order/duplicate", "").text("id");
        assertEquals("n".repeat(193) + " (Copy)", get(second).text("name"));
    }

    @Test
    void anAliasNamesOneTemplateOfATeam() {
        call("POST", "/templates", ORDER);
        refused(
                422,
                "The alias `order` is already used by another template.",
                call("POST", "/templates", ORDER));
        String second =
                call("POST", "/templates", "{\"name\":\"b\",\"html\":\"b\",\"alias\":\"b\"}")
                        .text("id");
        refused(
                422,
                "The alias `order` is already used by another template.",
                call("PATCH", "/templates/b", "{\"alias\":\"order\"}"));
        assertEquals("b", get(second).text("alias"));
        assertEquals(201, teams.call(teams.other, "POST", "/templates", ORDER).status());
        call("PATCH", "/templates/b", "{\"alias\":null}");
        assertEquals("null", get(second).text("alias"));
    }

    @Test
    void deletedIsGone() {
        String id = published();
        var deleted = call("DELETE", "/templates/order", "");
        assertEquals(200, deleted.status());
        assertEquals("true", deleted.text("deleted"));
        assertEquals(id, deleted.text("id"));
        refused(404, "Template not found", call("GET", "/templates/" + id, ""));
        refused(404, "Template not found", call("DELETE", "/templates/order", ""));
        assertThrows(ApiException.class, () -> render(id, "{}"));
    }

    @Test
    void anotherTeamsTemplateIsNotThere() {
        String id = published();
        for (String key : List.of(id, "order")) {
            for (var call :
                    List.of(
                            "GET /templates/%s",
                            "PATCH /templates/%s",
                            "DELETE /templates/%s",
                            "POST /templates/%s/publish",
                            "POST /templates/%s/duplicate")) {
                var words = call.formatted(key).split(" ");
                refused(
                        404,
                        "Template not found",
                        teams.call(teams.other, words[0], words[1], "{\"name\":\"mine\"}"));
            }
        }
        assertEquals("Order", get(id).text("name"));
        assertEquals(
                "[]",
                teams.call(teams.other, "GET", "/templates", "").body().get("data").toString());
        var none =
                assertThrows(
                        ApiException.class,
                        () -> templates.render(teams.other, body("{\"id\":\"order\"}")));
        assertEquals(404, none.status());
    }

    @Test
    void listsPageBothWays() {
        var made = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            made.add(
                    call("POST", "/templates", "{\"name\":\"t" + i + "\",\"html\":\"x\"}")
                            .text("id"));
        }
        var first = call("GET", "/templates?limit=2", "");
        assertEquals("list", first.text("object"));
        assertEquals("true", first.text("has_more"));
        assertEquals(List.of("t4", "t3"), names(first));
        var item = first.body().get("data").get(0);
        assertEquals(
                "{\"id\":\"%s\",\"name\":\"t4\",\"alias\":null,\"status\":\"draft\",\"published_at\":null,\"created_at\":\"2026-03-01 10:00:00.123456+00\",\"updated_at\":\"2026-03-01 10:00:00.123456+00\"}"
                        .formatted(made.get(4)),
                item.toString());
        assertEquals(
                List.of("t2", "t1"),
                names(call("GET", "/templates?limit=2&after=" + made.get(3), "")));
        var newer = call("GET", "/templates?limit=2&before=" + made.get(1), "");
        assertEquals(List.of("t3", "t2"), names(newer));
        assertEquals("true", newer.text("has_more"));
    }

    @Test
    void badBodiesAreRefusedAndNothingIsKept() {
        Map<String, String> bad =
                Map.ofEntries(
                        Map.entry("{\"html\":\"x\"}", "Missing `name` field."),
                        Map.entry("{\"name\":\"x\"}", "Missing `html` field."),
                        Map.entry(
                                "{\"name\":1,\"html\":\"x\"}",
                                "The `name` field must be a string."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":[]}",
                                "The `html` field must be a string."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"\\u0000\"}",
                                "Invalid `html` field. It has a NUL character."),
                        Map.entry(
                                "{\"name\":\"" + "x".repeat(201) + "\",\"html\":\"x\"}",
                                "The `name` field must have at most 200 characters."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"subject\":\"a\\r\\nBcc: x@y.zz\"}",
                                "Invalid `subject` field. Line breaks and control characters are not allowed."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"from\":\"nobody\"}",
                                "Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"reply_to\":[\"a@b.cc\",\"nobody\"]}",
                                "Invalid `reply_to` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"alias\":\"a/b\"}",
                                "Invalid `alias` field. It may have letters, numbers, dashes, underscores and dots, and begins with a letter or a number."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"alias\":\"018f0000-0000-7000-8000-000000000001\"}",
                                "Invalid `alias` field. It must not be a UUID."),
                        Map.entry(
                                "{\"name\":\"x\",\"html\":\"x\",\"variables\":{}}",
                                "The `variables` field must be an array."),
                        Map.entry(
                                variable("{\"type\":\"string\"}"),
                                "Missing `variables[0].key` field."),
                        Map.entry(variable("{\"key\":\"A\"}"), "Missing `variables.type` field."),
                        Map.entry(
                                variable("{\"key\":\"A\",\"type\":\"date\"}"),
                                "Invalid `variables[0].type` field. It must be one of: string, number, boolean, object, list."),
                        Map.entry(
                                variable("{\"key\":\"contact\",\"type\":\"string\"}"),
                                "The variable name `contact` is reserved and cannot be used."),
                        Map.entry(
                                variable("{\"key\":\"A-B\",\"type\":\"string\"}"),
                                "The key of a variable can only have letters, numbers and underscores, at most 50."),
                        Map.entry(
                                variable(
                                        "{\"key\":\"A\",\"type\":\"string\"},{\"key\":\"A\",\"type\":\"number\"}"),
                                "The variable `A` is declared twice."),
                        Map.entry(
                                variable(
                                        "{\"key\":\"A\",\"type\":\"number\",\"fallback_value\":\"1\"}"),
                                "The `fallback_value` of the variable `A` must be of type `number`."),
                        Map.entry(
                                variable(
                                        "{\"key\":\"A\",\"type\":\"number\",\"fallback_value\":1e400}"),
                                "The `fallback_value` of the variable `A` must be a number between -(2^53 - 1) and 2^53 - 1."),
                        Map.entry(
                                variable("{\"key\":\"A\",\"type\":\"list\",\"fallback_value\":{}}"),
                                "The `fallback_value` of the variable `A` must be of type `list`."),
                        Map.entry(
                                variable(
                                        "{\"key\":\"A\",\"type\":\"string\",\"fallback_value\":\""
                                                + "x".repeat(2001)
                                                + "\"}"),
                                "The `fallback_value` of the variable `A` must have at most 2000 characters."));
        bad.forEach((body, message) -> refused(422, message, call("POST", "/templates", body)));
        assertEquals("[]", call("GET", "/templates", "").body().get("data").toString());
        String id = call("POST", "/templates", ORDER).text("id");
        var before = get(id).body();
        bad.forEach((body, message) -> {
            if (!message.startsWith("Missing `name`") && !message.startsWith("Missing `html`")) {
                refused(422, message, call("PATCH", "/templates/order", body));
            }
        });
        assertEquals(before, get(id).body());
    }

    @Test
    void fiftyVariablesAreTheMost() {
        var many = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            many.add("{\"key\":\"K" + i + "\",\"type\":\"string\"}");
        }
        assertEquals(201, call("POST", "/templates", variable(String.join(",", many))).status());
        many.add("{\"key\":\"K50\",\"type\":\"string\"}");
        refused(
                422,
                "A template can have at most 50 `variables`.",
                call("POST", "/templates", variable(String.join(",", many))));
    }

    @Test
    void fillsInHtmlTextAndSubject() {
        published();
        var mail =
                render("order", "{\"PRODUCT\":\"<b>$1 \\\\0</b>\",\"PRICE\":10.50,\"OTHER\":true}");
        assertEquals("<p><b>$1 \\0</b> at 10.5</p>", mail.html());
        assertEquals("<b>$1 \\0</b>: 10.5", mail.text());
        assertEquals("<b>$1 \\0</b> is coming", mail.subject());
        assertEquals("Shop <shop@acme.example>", mail.from());
        assertEquals(List.of("help@acme.example"), mail.replyTo());
        assertEquals("<p>7 at 25</p>", render("order", "{\"PRODUCT\":7,\"PRICE\":null}").html());
        assertEquals(
                "<p>{{{PRICE}}} at 9007199254740991</p>",
                render("order", "{\"PRODUCT\":\"{{{PRICE}}}\",\"PRICE\":9007199254740991}").html());
    }

    /// Resend's command line sends every value as a string.
    @Test
    void takesANumberThatCameAsAString() {
        call(
                "POST",
                "/templates",
                "{\"name\":\"x\",\"alias\":\"x\",\"html\":\"{{{N}}}\",\"variables\":["
                        + "{\"key\":\"N\",\"type\":\"number\"}]}");
        call("POST", "/templates/x/publish", "");
        assertEquals("-12.5", render("x", "{\"N\":\"-12.50\"}").html());
        assertEquals("3", render("x", "{\"N\":\"3\"}").html());
    }

    @Test
    void fillsInTheOtherTypes() {
        call(
                "POST",
                "/templates",
                "{\"name\":\"x\",\"alias\":\"x\",\"html\":\"{{{B}}} {{{O}}} {{{L}}}\",\"variables\":["
                        + "{\"key\":\"B\",\"type\":\"boolean\"},{\"key\":\"O\",\"type\":\"object\"},"
                        + "{\"key\":\"L\",\"type\":\"list\",\"fallback_value\":[1]}]}");
        call("POST", "/templates/x/publish", "");
        assertEquals("true {\"a\":1} [1]", render("x", "{\"B\":true,\"O\":{\"a\":1}}").html());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"PRODUCT\":null}",
                "{\"PRODUCT\":true}",
                "{\"PRODUCT\":[]}",
                "{\"PRODUCT\":\"x\",\"PRICE\":\"12 \"}",
                "{\"PRODUCT\":\"x\",\"PRICE\":\"\"}",
                "{\"PRODUCT\":\"x\",\"PRICE\":\"1e3\"}",
                "{\"PRODUCT\":\"x\",\"PRICE\":\"9007199254740993\"}",
                "{\"PRODUCT\":\"x\",\"PRICE\":9007199254740993}",
                "{\"PRODUCT\":\"x\",\"PRICE\":1e999}",
                "{\"PRODUCT\":\"x\",\"PRICE\":-9e99}"
            })
    void refusesValuesThatDoNotFit(String variables) {
        published();
        var refusal = assertThrows(ApiException.class, () -> render("order", variables));
        assertEquals(422, refusal.status());
        assertEquals("validation_error", refusal.name());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith("The template variable `PR"), message);
    }

    @Test
    void refusesADraftAndWhatGrowsTooLarge() {
        call("POST", "/templates", ORDER);
        var draft = assertThrows(ApiException.class, () -> render("order", "{\"PRODUCT\":\"x\"}"));
        assertEquals(
                "The template `Order` is a draft. Publish it before sending.", draft.getMessage());
        call("PATCH", "/templates/order", "{\"html\":\"" + "{{{PRODUCT}}}".repeat(2_000) + "\"}");
        call("POST", "/templates/order/publish", "");
        var large =
                assertThrows(
                        ApiException.class,
                        () -> render("order", "{\"PRODUCT\":\"" + "x".repeat(2_000) + "\"}"));
        assertEquals(422, large.status());
        assertFalse(String.valueOf(large.getMessage()).isEmpty());
    }

    private String published() {
        String id = call("POST", "/templates", ORDER).text("id");
        call("POST", "/templates/order/publish", "");
        return id;
    }

    private RenderedTemplate render(String key, String variables) {
        return templates.render(
                teams.acme, body("{\"id\":\"" + key + "\",\"variables\":" + variables + "}"));
    }

    private static JsonBody body(String json) {
        return JsonBody.of(Json.tree(json.getBytes(StandardCharsets.UTF_8)), "template.");
    }

    private static String variable(String variables) {
        return "{\"name\":\"x\",\"html\":\"x\",\"variables\":[" + variables + "]}";
    }

    private static List<String> names(Reply reply) {
        var names = new ArrayList<String>();
        reply.body().get("data").forEach(item -> names.add(item.get("name").asString()));
        return names;
    }

    private Reply get(String key) {
        return call("GET", "/templates/" + key, "");
    }

    private Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body);
    }

    private static void refused(int status, String message, Reply reply) {
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
    }
}
