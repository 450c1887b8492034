package org.mediawiki.jobqueue.loadtest.dev;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Sends the logs of this process to a file. */
final class DevLog {

    private DevLog() {}

    /** Call it before anything starts; what was logged earlier went elsewhere. */
    static void writeTo(Path file) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.reset();
        logging.putProperty("dev.log", file.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        try {
            configurator.doConfigure(DevLog.class.getResource("logback-dev.xml"));
        } catch (JoranException e) {
            throw new IllegalStateException("the configuration of the log does not load", e);
        }
    }
}
