package org.mediawiki.jobqueue.runner.lane;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;

/** A task that remembers what happened to it. Its job's body is its name. */
final class TestTask implements Task {

    private final String name;
    private final Job job;
    private final List<Verdict> verdicts = new ArrayList<>();
    private int starts;

    TestTask(String name, String type, String wiki, String section) {
        this.name = name;
        this.job = new Job(type, wiki, section, "", "", "", Buffer.buffer(name));
    }

    TestTask(String name, String type, String wiki) {
        this(name, type, wiki, "s-" + wiki);
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public boolean start() {
        starts++;
        return true;
    }

    @Override
    public void finished(Verdict verdict) {
        verdicts.add(verdict);
    }

    @Override
    public void turnedAway(Duration wait, Blockage why) {
        throw new AssertionError(this + " was turned away");
    }

    int starts() {
        return starts;
    }

    List<Verdict> verdicts() {
        return verdicts;
    }

    @Override
    public String toString() {
        return name;
    }
}
