package ai.mailgoat.server.suppression;

import ai.mailgoat.common.json.ApiTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry as the API and the webhooks show it.
record SuppressionBody(
        String object,
        UUID id,
        String email,
        String origin,
        @Nullable UUID sourceId,
        String createdAt) {

    static SuppressionBody of(Suppression entry) {
        return new SuppressionBody(
                "suppression",
                entry.id().value(),
                entry.address(),
                entry.origin().apiName(),
                entry.sourceId(),
                ApiTime.postgres(entry.createdAt()));
    }
}
