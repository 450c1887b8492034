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
    private final Owner owner;
    private final List<Verdict> verdicts = new ArrayList<>();
    private int starts;

    /** Whoever is told what happens to a task. By default it wants to start, and never to be turned away. */
    interface Owner {

        default boolean start(TestTask task) {
            return true;
        }

        default void finished(TestTask task, Verdict verdict) {}

        default void turnedAway(TestTask task, Duration wait, Blockage why) {
            throw new AssertionError(task + " was turned away");
        }
    }

    TestTask(String name, String type, String wiki, String section, Owner owner) {
        this(name, new Job(type, wiki, section, "", "", "", Buffer.buffer(name)), owner);
    }

    private TestTask(String name, Job job, Owner owner) {
        this.name = name;
        this.job = job;
        this.owner = owner;
    }

    TestTask(String name, String type, String wiki, String section) {
        this(name, type, wiki, section, new Owner() {});
    }

    TestTask(String name, String type, String wiki) {
        this(name, type, wiki, "s-" + wiki);
    }

    /** The same with a body that is filled up to {@code bytes}; only before it is submitted. */
    TestTask withBodyOf(int bytes) {
        Buffer filled = Buffer.buffer(name + " ".repeat(Math.max(0, bytes - name.length())));
        return new TestTask(name, new Job(job.type(), job.wiki(), job.section(), "", "", "", filled), owner);
    }

    @Override
    public Job job() {
        return job;
    }

    @Override
    public boolean start() {
        boolean wanted = owner.start(this);
        starts += wanted ? 1 : 0;
        return wanted;
    }

    @Override
    public void finished(Verdict verdict) {
        verdicts.add(verdict);
        owner.finished(this, verdict);
    }

    @Override
    public void turnedAway(Duration wait, Blockage why) {
        owner.turnedAway(this, wait, why);
    }

    /** It is about to throw instead of starting, of which it is told as of an attempt. */
    void expectVerdictWithoutStart() {
        starts++;
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
