package org.mediawiki.jobqueue.changeprop.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.metrics.Ages;

/** Finds the oldest of each job type among the jobs that it is told of. */
final class OldestByType {

    private final Instant now;
    private final Map<String, Ages> found = new HashMap<>();

    OldestByType(Instant now) {
        this.now = now;
    }

    void runs(Attempts.Running attempt) {
        OpenJob job = attempt.job();
        add(job, new Ages(attempt.age(), Duration.ZERO, age(job)));
    }

    void waits(OpenJob job) {
        Duration age = age(job);
        add(job, new Ages(Duration.ZERO, age, age));
    }

    Map<String, Ages> found() {
        return found;
    }

    private void add(OpenJob job, Ages ages) {
        found.merge(job.job().type(), ages, Ages::orLonger);
    }

    /** By two clocks: the producer's may be ahead of ours. */
    private Duration age(OpenJob job) {
        Duration age = Duration.between(job.origin().writtenAt(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
