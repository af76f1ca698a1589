package ai.mailgoat.server.cli;

import ai.mailgoat.server.config.Config;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log: to standard error, since standard output is for data. Found by Logback as a service, so
/// that no XML is read when a command starts; a command that runs the service then sets what the
/// configuration says.
public final class Logging extends ContextAwareBase implements Configurator {
    // UTC; one line an event, the stack trace below.
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} [%thread] %msg%replace( %X){'^ $',''}%n";

    /// Called by Logback: warnings and errors, as text.
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        setUp(context, "text", Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Logs as the configuration says; `java.util.logging` too, which Helidon uses.
    static void start(Config.Log log) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setUp(context, log.format(), Level.toLevel(log.level(), Level.INFO));
        }
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
    }

    private static void setUp(LoggerContext context, String format, Level level) {
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        appender.start();
        root.addAppender(appender);
        root.setLevel(level);
        // What libraries say in passing is not the operator's business.
        for (var chatty : new String[] {"org.flywaydb", "io.helidon", "org.xbill"}) {
            var logger = context.getLogger(chatty);
            logger.setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : null);
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
        if ("json".equals(format)) {
            var json = new JsonEncoder();
            json.setContext(context);
            json.start();
            return json;
        }
        var text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
