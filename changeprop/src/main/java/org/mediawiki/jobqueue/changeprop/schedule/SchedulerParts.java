package org.mediawiki.jobqueue.changeprop.schedule;

import java.time.InstantSource;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** What all tasks of a process share. */
record SchedulerParts(
        Topics topics,
        Destinations destinations,
        ErrorEvents errors,
        SchedulerListener listener,
        RefusedSizes sizes,
        Indices indices,
        InstantSource clock) {}
