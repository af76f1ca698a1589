package ai.mailgoat.server.event;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.UUID;

/// One thing that happened.
///
/// @param subject the id of the e-mail, domain, ... that it happened to
/// @param type in the API's words, such as `email.delivered`
/// @param data what a webhook's `data` carries, written as JSON; shared facts of one e-mail may be
///   one object
public record Event(TeamId team, UUID subject, String type, Instant at, Object data) {}
