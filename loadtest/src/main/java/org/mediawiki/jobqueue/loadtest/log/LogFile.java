package org.mediawiki.jobqueue.loadtest.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Sends the logs of this process to a file. */
public final class LogFile {

    private LogFile() {}

    /** Call it before anything starts; what was logged earlier went elsewhere. The file is added to, or made. */
    public static void writeTo(Path file) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.reset();
        logging.putProperty("log.file", file.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        try {
            configurator.doConfigure(LogFile.class.getResource("logback-file.xml"));
        } catch (JoranException e) {
            throw new IllegalStateException("the configuration of the log does not load", e);
        }
    }
}
