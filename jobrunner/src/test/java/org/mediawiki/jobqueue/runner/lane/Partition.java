package org.mediawiki.jobqueue.runner.lane;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.FakeTime;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.verdict.Verdicts;

/**
 * One job type's records before a lane, as the queue would poll them: no more than a thousand are open at once, and
 * when they are, none is polled until half of them are closed. What the lane turns away is closed, and comes back a
 * quarter of a second late as a record of another partition.
 */
final class Partition implements Target, TestTask.Owner {

    private static final int CONCURRENCY = 240;
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration LATE = Duration.ofMillis(250);

    private final FakeTime time = new FakeTime();
    private final Lane lane;
    private final Side fresh = new Side();
    private final Side back = new Side();
    private final Map<TestTask, Side> open = new HashMap<>();
    private final Map<TestTask, Long> producedNanos = new HashMap<>();
    private final Map<String, SectionDiary> diaries = new HashMap<>();
    private final Set<String> readOnly = new HashSet<>();
    private int turnedAway;
    private Duration longestTrip = Duration.ZERO;

    /** Records that are polled one after the other. */
    private static final class Side {

        private static final int MOST_OPEN = 1_000;

        private final Deque<TestTask> records = new ArrayDeque<>();
        private int open;
        private boolean paused;

        private boolean isPolled() {
            paused = open >= MOST_OPEN || (paused && open > MOST_OPEN / 2);
            return !paused && !records.isEmpty();
        }
    }

    Partition(FinerLimits limits) {
        this.lane = new Lane(
                settings(limits), this, new Verdicts(Duration.ofSeconds(60), Duration.ofSeconds(1), time)::judge, time);
    }

    private static LaneSettings settings(FinerLimits limits) {
        PoolSettings pool = new PoolSettings("a", CONCURRENCY, 1, 0, limits);
        TypeSettings type = new TypeSettings(pool, Duration.ofHours(1), false);
        return new LaneSettings("main", OptionalInt.empty(), ignored -> type);
    }

    /** Other limits from here on. */
    void reconfigure(FinerLimits limits) {
        lane.reconfigure(settings(limits));
    }

    SectionDiary on(String section) {
        return diaries.computeIfAbsent(section, ignored -> new SectionDiary());
    }

    void makeReadOnly(String wiki) {
        readOnly.add(wiki);
    }

    void makeAllWritable() {
        readOnly.clear();
    }

    void produce(String wiki, String section, int jobs) {
        for (int i = 0; i < jobs; i++) {
            TestTask task = new TestTask("t" + producedNanos.size(), "a", wiki, section, this);
            producedNanos.put(task, time.nanos());
            fresh.records.add(task);
            on(section).produced();
        }
    }

    /** Lets {@code duration} pass. */
    void pass(Duration duration) {
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(TICK)) {
            poll(fresh);
            poll(back);
            time.advance(TICK);
        }
    }

    int turnedAway() {
        return turnedAway;
    }

    /** The longest that any was to stay away. */
    Duration longestTrip() {
        return longestTrip;
    }

    @Override
    public boolean start(TestTask task) {
        Duration waited = Duration.ofNanos(time.nanos() - Objects.requireNonNull(producedNanos.get(task)));
        on(task.job().section()).started(time.nanos(), waited);
        return true;
    }

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        int status = readOnly.contains(job.wiki()) ? 423 : 200;
        Promise<Attempt> promise = Promise.promise();
        time.after(
                on(job.section()).jobsTake(),
                () -> promise.complete(new Attempt.Answered(new Answer(status, Map.of(), ""))));
        return promise.future();
    }

    @Override
    public void finished(TestTask task, Verdict verdict) {
        boolean held = verdict instanceof Verdict.Hold;
        on(task.job().section()).ended(time.nanos(), held);
        if (held) {
            lane.putBack(task);
        } else {
            close(task);
        }
    }

    @Override
    public void turnedAway(TestTask task, Duration wait, Blockage why) {
        turnedAway++;
        longestTrip = wait.compareTo(longestTrip) > 0 ? wait : longestTrip;
        close(task);
        time.after(wait.plus(LATE), () -> back.records.add(task));
    }

    @Override
    public Future<Optional<String>> obstacle() {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private void poll(Side side) {
        for (int polled = 0; polled < 500 && side.isPolled(); polled++) {
            TestTask task = side.records.remove();
            side.open++;
            open.put(task, side);
            lane.submit(task);
        }
    }

    private void close(TestTask task) {
        Objects.requireNonNull(open.remove(task)).open--;
    }
}
