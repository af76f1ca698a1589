package ai.mailgoat.server.config;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// One event as one line. Control characters are escaped wherever they come from: a value sent by a
/// stranger can neither begin a line of its own nor steer a terminal.
final class LogLine {
    private static final DateTimeFormatter RFC3339_MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// Longer messages are cut: a stranger may have sent a megabyte.
    private static final int MAX_MESSAGE = 4_000;

    private static final int MAX_TRACE = 16_000;

    private LogLine() {}

    /// `2026-11-21T12:00:00.000Z INFO [store] message`, and after it a stack trace with its line
    /// breaks as `\n`.
    static String text(ILoggingEvent event) {
        var line = new StringBuilder(160);
        line.append(time(event))
                .append(' ')
                .append(String.format("%-5s", event.getLevel()))
                .append(" [")
                .append(logger(event))
                .append("] ");
        escape(line, cut(event.getFormattedMessage(), MAX_MESSAGE));
        String trace = trace(event);
        if (trace != null) {
            line.append(" | ");
            escape(line, trace);
        }
        return line.toString();
    }

    /// One JSON object: `time`, `level`, `logger`, `thread`, `message`, and `error` with a trace.
    static String json(ILoggingEvent event) {
        var line = new StringBuilder(200);
        line.append('{');
        field(line, "time", time(event));
        field(line.append(','), "level", event.getLevel().toString());
        field(line.append(','), "logger", event.getLoggerName());
        field(line.append(','), "thread", event.getThreadName());
        field(line.append(','), "message", cut(event.getFormattedMessage(), MAX_MESSAGE));
        String trace = trace(event);
        if (trace != null) {
            field(line.append(','), "error", trace);
        }
        return line.append('}').toString();
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                escape(line, c);
            }
        }
        line.append('"');
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            escape(line, text.charAt(i));
        }
    }

    // Also C1 controls, which some terminals obey, the two line separators of Unicode, and marks
    // that turn the direction of text.
    private static void escape(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                int type = Character.getType(c);
                if (Character.isISOControl(c)
                        || type == Character.FORMAT
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR) {
                    line.append(String.format("\\u%04x", (int) c));
                } else {
                    line.append(c);
                }
            }
        }
    }

    private static String time(ILoggingEvent event) {
        return RFC3339_MILLIS.format(Instant.ofEpochMilli(event.getTimeStamp()));
    }

    // `ai.mailgoat.server.store.GroupCommit` is `store`; others keep their last word.
    private static String logger(ILoggingEvent event) {
        String name = event.getLoggerName();
        String own = "ai.mailgoat.server.";
        if (name.startsWith(own)) {
            String rest = name.substring(own.length());
            int dot = rest.indexOf('.');
            return dot < 0 ? rest : rest.substring(0, dot);
        }
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static @Nullable String trace(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        return thrown == null ? null : cut(ThrowableProxyUtil.asString(thrown).strip(), MAX_TRACE);
    }

    private static String cut(@Nullable String text, int length) {
        String given = text == null ? "" : text;
        return given.length() <= length ? given : given.substring(0, length) + "...";
    }
}
