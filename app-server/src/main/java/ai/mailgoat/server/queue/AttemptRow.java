package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at one recipient as it is kept: what a DSN would say of it (RFC 3464, 2.3).
///
/// @param outcome `delivered`, `deferred`, `bounced` or `in_doubt`
public record AttemptRow(
        @JsonIgnore EmailId email,
        int ordinal,
        int number,
        Instant at,
        String outcome,
        String phase,
        @Nullable String mxHost,
        @Nullable String ip,
        @Nullable String tls,
        @Nullable Integer code,
        @Nullable String enhanced,
        @Nullable String reply,
        String reason) {}
