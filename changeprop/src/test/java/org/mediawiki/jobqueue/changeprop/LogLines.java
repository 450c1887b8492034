package org.mediawiki.jobqueue.changeprop;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import co.elastic.logging.logback.EcsEncoder;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What one class logs while this is open. */
public final class LogLines implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private LogLines(Logger logger) {
        this.logger = logger;
        appender.start();
        logger.addAppender(appender);
    }

    public static LogLines of(Class<?> source) {
        return new LogLines((Logger) LoggerFactory.getLogger(source));
    }

    public List<String> warnings() {
        return appender.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Those of the thread that asks. */
    public List<ILoggingEvent> ofThisThread() {
        return appender.list.stream()
                .filter(line ->
                        line.getThreadName().equals(Thread.currentThread().getName()))
                .toList();
    }

    /** The lines as a log server gets them, in Elastic Common Schema. */
    public List<JsonObject> inEcs() {
        EcsEncoder encoder = new EcsEncoder();
        encoder.start();
        return appender.list.stream()
                .map(encoder::encode)
                .map(line -> new JsonObject(new String(line, StandardCharsets.UTF_8)))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
