package ai.mailgoat.common.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way of one e-mail, oldest first; from the admin API.
public record Timeline(EmailView email, List<Event> events, List<Attempt> attempts) {

    /// @param type such as `email.delivered`
    /// @param at ISO 8601, UTC
    public record Event(String type, String at) {}

    /// One try at one MX host.
    ///
    /// @param tls the version of TLS, absent when in the clear
    /// @param code of the last reply, absent when there was none
    /// @param enhanced such as `2.0.0`
    /// @param outcome `delivered`, `deferred`, `bounced`, `in_doubt`
    public record Attempt(
            @Nullable String recipient,
            @Nullable String mxHost,
            @Nullable String ip,
            @Nullable String tls,
            @Nullable Integer code,
            @Nullable String enhanced,
            @Nullable String reply,
            @Nullable String reason,
            String outcome,
            String at) {}
}
