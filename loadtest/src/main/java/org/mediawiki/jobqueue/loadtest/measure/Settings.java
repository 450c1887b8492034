package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The settings of a contender's instances, as they stand in its files: changed for each, also for those that do not run.
 *
 * @param folder of the files
 * @param instances how many
 */
record Settings(Contender contender, Path folder, int instances) {

    /** Gives a job type another limit. */
    void limit(String type, int concurrency) throws IOException {
        for (int instance = 0; instance < instances; instance++) {
            contender.limit(folder, instance, type, concurrency);
        }
    }

    /** Pauses a job type, or lets it go on. */
    void pause(String type, boolean paused) throws IOException {
        for (int instance = 0; instance < instances; instance++) {
            contender.pause(folder, instance, type, paused);
        }
    }

    /** What one instance is told can no longer be read. */
    void spoil(int instance) throws IOException {
        contender.spoil(folder, instance);
    }

    /** It can be read again. */
    void mend(int instance) throws IOException {
        contender.mend(folder, instance);
    }
}
