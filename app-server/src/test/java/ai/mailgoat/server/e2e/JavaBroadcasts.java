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
import com.resend.services.broadcasts.Broadcasts;
import com.resend.services.broadcasts.model.BroadcastRecipientEventType;
import com.resend.services.broadcasts.model.CreateBroadcastOptions;
import com.resend.services.broadcasts.model.ListBroadcastRecipientsParams;
import com.resend.services.broadcasts.model.SendBroadcastOptions;
import com.resend.services.broadcasts.model.UpdateBroadcastOptions;
import com.resend.services.segments.model.CreateSegmentOptions;
import java.util.List;

final class JavaBroadcasts {
    private static final String HTML = "<p>Hi</p><a href=\"{{{RESEND_UNSUBSCRIBE_URL}}}\">Bye</a>";

    private final JavaSdk sdk;
    private final Broadcasts broadcasts;

    JavaBroadcasts(JavaSdk sdk) {
        this.sdk = sdk;
        broadcasts = sdk.here(sdk.resend.broadcasts());
    }

    void drive() throws Exception {
        String segment =
                sdk.here(sdk.resend.segments())
                        .create(CreateSegmentOptions.builder().name("Readers").build())
                        .getId();
        String id = create(segment, false, null);
        draft(id, segment);
        assertEquals(
                id,
                broadcasts
                        .update(
                                UpdateBroadcastOptions.builder()
                                        .id(id)
                                        .subject("Changed")
                                        .previewText("Short")
                                        .build())
                        .getId());
        assertEquals("Changed", broadcasts.get(id).getSubject());
        assertEquals("Short", broadcasts.get(id).getPreviewText());

        var inAnHour = SendBroadcastOptions.builder().scheduledAt("in 1 hour").build();
        assertEquals(id, broadcasts.send(inAnHour, id).getId());
        assertEquals("scheduled", broadcasts.get(id).getStatus());
        matches(TIME, broadcasts.get(id).getScheduledAt());
        var canceled = broadcasts.cancel(id);
        assertEquals("broadcast", canceled.getObject());
        assertEquals(id, canceled.getId());
        assertEquals("draft", broadcasts.get(id).getStatus());

        String later = create(segment, true, "tomorrow at 9am");
        assertTrue(broadcasts.get(later).getScheduledAt().endsWith(" 09:00:00+00"));
        list(id, later, segment);
        String sent = create(segment, true, null);
        matches("queued|sent", broadcasts.get(sent).getStatus());
        refused(422, "validation_error", "cannot be sent", () -> broadcasts.send(inAnHour, sent));

        for (String each : List.of(id, later)) {
            var removed = broadcasts.remove(each);
            assertEquals("broadcast", removed.getObject());
            assertEquals(each, removed.getId());
            assertTrue(removed.isDeleted());
        }
        refused(404, "not_found", "Broadcast not found", () -> broadcasts.get(id));
        responses(sent);
    }

    private String create(String segment, boolean send, String at) throws Exception {
        var options =
                CreateBroadcastOptions.builder()
                        .name("Java")
                        .segmentId(segment)
                        .from("Goat <hello@sender.example>")
                        .subject("Hi {{{FIRST_NAME|there}}}")
                        .replyTo("reply@sender.example")
                        .html(HTML)
                        .text("Hi. {{{RESEND_UNSUBSCRIBE_URL}}}")
                        .send(send)
                        .scheduledAt(at)
                        .build();
        String id = broadcasts.create(options).getId();
        matches(UUID, id);
        return id;
    }

    private void draft(String id, String segment) throws Exception {
        var draft = broadcasts.get(id);
        assertEquals("broadcast", draft.getObject());
        assertEquals(id, draft.getId());
        assertEquals("Java", draft.getName());
        assertEquals(segment, draft.getAudienceId());
        assertEquals("Goat <hello@sender.example>", draft.getFrom());
        assertEquals("Hi {{{FIRST_NAME|there}}}", draft.getSubject());
        assertEquals(List.of("reply@sender.example"), draft.getReplyTo());
        assertEquals(HTML, draft.getHtml());
        assertEquals("Hi. {{{RESEND_UNSUBSCRIBE_URL}}}", draft.getText());
        assertEquals("draft", draft.getStatus());
        matches(TIME, draft.getCreatedAt());
        assertNull(draft.getScheduledAt());
        assertNull(draft.getSentAt());
    }

    private void list(String id, String later, String segment) throws Exception {
        var list = broadcasts.list();
        assertEquals("list", list.getObject());
        assertFalse(list.hasMore());
        assertEquals(
                List.of(later, id), list.getData().stream().map(item -> item.getId()).toList());
        var item = list.getData().getFirst();
        assertEquals(segment, item.getAudienceId());
        assertEquals("scheduled", item.getStatus());
        matches(TIME, item.getCreatedAt());
        var page = broadcasts.list(ListParams.builder().limit(1).build());
        assertTrue(page.hasMore());
        assertEquals(later, page.getData().getFirst().getId());
    }

    private void responses(String id) throws Exception {
        var sent =
                ListBroadcastRecipientsParams.builder()
                        .type(BroadcastRecipientEventType.SENT)
                        .build();
        var recipients = broadcasts.recipients(id, sent);
        assertEquals("list", recipients.getObject());
        assertEquals(List.of(), recipients.getData());
        assertEquals(List.of(), broadcasts.clickedLinks(id).getData());
        var page = ListParams.builder().limit(1).build();
        assertEquals(List.of(), broadcasts.clickedLinks(id, page).getData());
        String missing = "Broadcast not found";
        refused(404, "not_found", missing, () -> broadcasts.recipients(UNKNOWN, sent));
        refused(404, "not_found", missing, () -> broadcasts.clickedLinks(UNKNOWN));
    }
}
