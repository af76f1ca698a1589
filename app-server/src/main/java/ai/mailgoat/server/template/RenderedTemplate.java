package ai.mailgoat.server.template;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A published template with its variables filled in.
///
/// @param id of the template
/// @param from as its author wrote it, or `null`
/// @param subject may have got any character out of a variable; or `null`
/// @param text `null` to derive it from the HTML, empty for none
public record RenderedTemplate(
        UUID id,
        @Nullable String from,
        @Nullable String subject,
        List<String> replyTo,
        String html,
        @Nullable String text) {}
