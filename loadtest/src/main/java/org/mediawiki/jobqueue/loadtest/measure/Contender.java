package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.util.List;

/** Somebody who takes jobs from Kafka and posts them over HTTPS, as processes. */
public interface Contender {

    /** As people call it. */
    String name();

    /**
     * The command line of one of its instances.
     *
     * @param instance its number, from 0
     * @throws IOException where its files cannot be written
     */
    List<String> command(Course course, int instance) throws IOException;
}
