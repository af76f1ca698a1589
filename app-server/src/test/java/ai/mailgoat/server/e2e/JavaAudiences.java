package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.services.audiences.model.CreateAudienceOptions;
import com.resend.services.segments.model.CreateSegmentOptions;
import com.resend.services.segments.model.UpdateSegmentOptions;
import com.resend.services.topics.model.CreateTopicOptions;
import com.resend.services.topics.model.UpdateTopicOptions;

/// Segments, their older name, and topics.
final class JavaAudiences {
    private static final ListParams ONE = ListParams.builder().limit(1).build();

    private final JavaSdk sdk;

    JavaAudiences(JavaSdk sdk) {
        this.sdk = sdk;
    }

    void drive() throws Exception {
        segments();
        audiences();
        topics();
    }

    private void segments() throws Exception {
        var segments = sdk.here(sdk.resend.segments());
        segments.create(CreateSegmentOptions.builder().name("Older").build());
        var made = segments.create(CreateSegmentOptions.builder().name("Of Java").build());
        assertEquals("segment", made.getObject());
        assertEquals("Of Java", made.getName());
        matches(UUID, made.getId());
        var changed =
                segments.update(
                        made.getId(), UpdateSegmentOptions.builder().name("Renamed").build());
        assertEquals("segment", changed.getObject());
        assertEquals(made.getId(), changed.getId());
        var got = segments.get(made.getId());
        assertEquals("segment", got.getObject());
        assertEquals("Renamed", got.getName());
        matches(TIME, got.getCreatedAt());
        var list = segments.list();
        assertEquals("list", list.getObject());
        assertEquals(made.getId(), list.getData().getFirst().getId());
        assertEquals("Renamed", list.getData().getFirst().getName());
        assertTrue(segments.list(ONE).hasMore());
        var removed = segments.remove(made.getId());
        assertTrue(removed.getDeleted());
        assertEquals(made.getId(), removed.getId());
        refused(404, "not_found", "Audience not found", () -> segments.get(made.getId()));
    }

    /// An audience is the segment of the same id.
    private void audiences() throws Exception {
        var audiences = sdk.here(sdk.resend.audiences());
        var made = audiences.create(CreateAudienceOptions.builder().name("An audience").build());
        assertEquals("audience", made.getObject());
        assertEquals("An audience", made.getName());
        var got = audiences.get(made.getId());
        assertEquals("audience", got.getObject());
        assertEquals(made.getId(), got.getId());
        assertEquals("An audience", got.getName());
        matches(TIME, got.getCreatedAt());
        assertEquals("An audience", sdk.here(sdk.resend.segments()).get(made.getId()).getName());
        var list = audiences.list();
        assertEquals("list", list.getObject());
        assertEquals(made.getId(), list.getData().getFirst().getId());
        assertTrue(audiences.list(ONE).hasMore());
        var removed = audiences.remove(made.getId());
        assertEquals("audience", removed.getObject());
        assertEquals(made.getId(), removed.getId());
        assertTrue(removed.getDeleted());
        refused(404, "not_found", "Audience not found", () -> audiences.get(made.getId()));
    }

    private void topics() throws Exception {
        var topics = sdk.here(sdk.resend.topics());
        String older =
                topics.create(
                                CreateTopicOptions.builder()
                                        .name("Older")
                                        .defaultSubscription("opt_in")
                                        .build())
                        .getId();
        String id =
                topics.create(
                                CreateTopicOptions.builder()
                                        .name("Of Java")
                                        .defaultSubscription("opt_out")
                                        .description("x")
                                        .build())
                        .getId();
        var changed =
                topics.update(
                        id, UpdateTopicOptions.builder().name("News").description("y").build());
        assertEquals(id, changed.getId());
        var got = topics.get(id);
        assertEquals("News", got.getName());
        assertEquals("y", got.getDescription());
        assertEquals("opt_out", got.getDefaultSubscription());
        matches(TIME, got.getCreatedAt());
        var list = topics.list();
        assertEquals("list", list.getObject());
        assertFalse(list.hasMore());
        assertEquals(id, list.getData().getFirst().getId());
        assertTrue(topics.list(ONE).hasMore());
        assertTrue(topics.remove(id).isDeleted());
        assertEquals("topic", topics.remove(older).getObject());
        refused(404, "not_found", "Topic not found", () -> topics.get(id));
    }
}
