package org.mediawiki.jobqueue.changeprop.config;

import java.nio.file.Path;

/** A whole job queue for one small wiki in one process: {@code jobqueue standalone}. Other commands pass it over. */
public record StandaloneConfig(
        @Setting(
                value = "Folder for everything that must last: Kafka's data, and what waits in the scheduler. It stays"
                        + " usable by later versions.",
                byDefault = "/var/lib/jobqueue")
        Path folder) {}
