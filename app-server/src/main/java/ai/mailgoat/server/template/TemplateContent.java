package ai.mailgoat.server.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one version of a template says, as it is kept in JSON.
///
/// @param text `null` to derive it from the HTML, empty for none
record TemplateContent(
        @Nullable String from,
        @Nullable String subject,
        List<String> replyTo,
        String html,
        @Nullable String text,
        List<Variable> variables) {}
