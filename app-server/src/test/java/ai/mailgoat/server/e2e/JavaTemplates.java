package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.services.emails.model.CreateEmailOptions;
import com.resend.services.emails.model.Template;
import com.resend.services.templates.Templates;
import com.resend.services.templates.model.CreateTemplateOptions;
import com.resend.services.templates.model.UpdateTemplateOptions;
import com.resend.services.templates.model.Variable;
import com.resend.services.templates.model.VariableType;
import java.util.List;

final class JavaTemplates {
    private final JavaSdk sdk;
    private final Templates templates;

    JavaTemplates(JavaSdk sdk) {
        this.sdk = sdk;
        templates = sdk.here(sdk.resend.templates());
    }

    void drive() throws Exception {
        var made =
                templates.create(
                        CreateTemplateOptions.builder()
                                .name("Java")
                                .alias("java")
                                .from("Goat <hello@sender.example>")
                                .subject("Hi {{{NAME}}}")
                                .replyTo("reply@sender.example")
                                .html("<p>{{{NAME}}} {{{COUNT}}}</p>")
                                .text("{{{NAME}}} {{{COUNT}}}")
                                .variables(
                                        new Variable("NAME", VariableType.STRING, "friend"),
                                        new Variable("COUNT", VariableType.NUMBER))
                                .build());
        String id = made.getId();
        matches(UUID, id);
        assertEquals("template", made.getObject());
        draft(id);
        assertEquals(
                id,
                templates
                        .update(
                                "java",
                                UpdateTemplateOptions.builder().subject("Dear {{{NAME}}}").build())
                        .getId());
        var published = templates.publish(id);
        assertEquals("template", published.getObject());
        assertEquals(id, published.getId());
        sent(id);
        String copy = templates.duplicate(id).getId();
        assertEquals("Java (Copy)", templates.get(copy).getName());
        list(id, copy);
        for (String each : List.of(copy, id)) {
            var removed = templates.remove(each);
            assertEquals("template", removed.getObject());
            assertEquals(each, removed.getId());
            assertTrue(removed.getDeleted());
        }
        refused(404, "not_found", "Template not found", () -> templates.get("java"));
    }

    private void draft(String id) throws Exception {
        var draft = templates.get("java");
        assertEquals("template", draft.getObject());
        assertEquals(id, draft.getId());
        assertEquals("Java", draft.getName());
        assertEquals("java", draft.getAlias());
        assertEquals("draft", draft.getStatus());
        assertNull(draft.getPublishedAt());
        matches(TIME, draft.getCreatedAt());
        matches(TIME, draft.getUpdatedAt());
        assertEquals("Goat <hello@sender.example>", draft.getFrom());
        assertEquals("Hi {{{NAME}}}", draft.getSubject());
        assertEquals(List.of("reply@sender.example"), draft.getReplyTo());
        assertEquals("<p>{{{NAME}}} {{{COUNT}}}</p>", draft.getHtml());
        assertEquals("{{{NAME}}} {{{COUNT}}}", draft.getText());
        var name = draft.getVariables().getFirst();
        assertEquals("NAME", name.getKey());
        assertEquals(VariableType.STRING, name.getType());
        assertEquals("friend", name.getFallbackValue());
        assertEquals(VariableType.NUMBER, draft.getVariables().get(1).getType());
        assertNull(draft.getVariables().get(1).getFallbackValue());
    }

    private void sent(String id) throws Exception {
        var emails = sdk.here(sdk.resend.emails());
        var template = Template.builder().id(id).addVariable("COUNT", 3).addVariable("NAME", "Ada");
        String mail =
                emails.send(
                                CreateEmailOptions.builder()
                                        .to("someone@inbox.example")
                                        .template(template.build())
                                        .build())
                        .getId();
        var got = emails.get(mail);
        assertEquals("Dear Ada", got.getSubject());
        assertEquals("<p>Ada 3</p>", got.getHtml());
        assertEquals("Ada 3", got.getText());
        assertEquals("Goat <hello@sender.example>", got.getFrom());
        assertEquals(List.of("reply@sender.example"), got.getReplyTo());
    }

    private void list(String id, String copy) throws Exception {
        var list = templates.list();
        assertEquals("list", list.getObject());
        assertFalse(list.getHasMore());
        assertEquals(List.of(copy, id), list.getData().stream().map(item -> item.getId()).toList());
        var item = list.getData().get(1);
        assertEquals("Java", item.getName());
        assertEquals("java", item.getAlias());
        assertEquals("published", item.getStatus());
        matches(TIME, item.getPublishedAt());
        var page = templates.list(ListParams.builder().limit(1).build());
        assertTrue(page.getHasMore());
        assertEquals(copy, page.getData().getFirst().getId());
    }
}
