package org.mediawiki.jobqueue.changeprop.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The scheduler: where jobs wait for a time (SPEC sections 2 and 5). */
public record SchedulerConfig(
        @Setting(
                "Folder for the jobs that wait; what is lost of it is rebuilt from Kafka. Each process on a machine needs"
                        + " its own. Default: the first that is free below the system's temporary folder.")
        @Nullable
        Path folder,

        @Setting(
                value = "The most memory that the store may use outside the heap, however much waits.",
                byDefault = "64MiB")
        DataSize memory) {}
