package ai.mailgoat.server.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log: one line for each event on standard error, as text or as JSON. `logback.xml` sets up
/// the text form at `info` until the configuration is read.
public final class Logging {

    /// Tells at `info` what only its authors want to know.
    private static final String HTTP_LIBRARY = "io.helidon";

    /// What goes wrong there comes as an exception, too, and is told in one line.
    private static final String MIGRATIONS = "org.flywaydb";

    private Logging() {}

    /// Sets the form and the level, and takes in what libraries say through `java.util.logging`.
    public static void apply(Config.Log log) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("logback is not the logging backend");
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(
                appender(context, log.format().equals("json") ? LogLine::json : LogLine::text));
        var level = Level.toLevel(log.level());
        root.setLevel(level);
        context.getLogger(HTTP_LIBRARY).setLevel(level == Level.INFO ? Level.WARN : level);
        context.getLogger(MIGRATIONS).setLevel(level == Level.DEBUG ? level : Level.OFF);
    }

    private static ConsoleAppender<ILoggingEvent> appender(
            LoggerContext context, Function<ILoggingEvent, String> form) {
        var encoder = new LineEncoder(form);
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    /// Used by `logback.xml`, hence public with an empty constructor.
    public static final class TextEncoder extends LineEncoder {
        public TextEncoder() {
            super(LogLine::text);
        }
    }

    static class LineEncoder extends EncoderBase<ILoggingEvent> {
        private static final byte[] NOTHING = {};

        private final Function<ILoggingEvent, String> form;

        LineEncoder(Function<ILoggingEvent, String> form) {
            this.form = form;
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            return (form.apply(event) + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] headerBytes() {
            return NOTHING;
        }

        @Override
        public byte[] footerBytes() {
            return NOTHING;
        }
    }
}
