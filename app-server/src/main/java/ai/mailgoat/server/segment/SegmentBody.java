package ai.mailgoat.server.segment;

import ai.mailgoat.common.json.ApiTime;
import java.util.UUID;

/// A segment as the API shows it.
///
/// @param object `segment`, or `audience` where it goes by its older name
public record SegmentBody(String object, UUID id, String name, String createdAt) {

    public static SegmentBody of(Segment segment) {
        return of("segment", segment);
    }

    static SegmentBody of(String object, Segment segment) {
        return new SegmentBody(
                object, segment.id(), segment.name(), ApiTime.postgres(segment.createdAt()));
    }
}
