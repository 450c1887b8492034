package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done when an event begins, and when it ends. What begins late, since a start waits for the stop before it,
 * is told in the log and lasts for half its time at the least. Says what was not done, or lasted for less. Used by one
 * thread.
 */
final class Timetable {

    private static final Logger LOG = LoggerFactory.getLogger(Timetable.class);
    private static final Duration LATE = Duration.ofSeconds(1);

    private final List<Step> steps = new ArrayList<>();

    /** When those began that have begun, by the clock. */
    private final Map<EventSpec, Long> begun = new HashMap<>();

    /** When those began and ended of which that was carried out, by the clock. */
    private final Map<EventSpec, Long> from = new LinkedHashMap<>();

    private final Map<EventSpec, Long> until = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final LongSupplier clockNanos;

    /** May fail, and takes its time. */
    @FunctionalInterface
    interface Act {
        void run() throws IOException, InterruptedException;
    }

    private record Step(EventSpec event, boolean begins, Act act) {

        Duration at() {
            return begins ? event.at() : event.end();
        }
    }

    Timetable(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** Adds what is done when it begins. */
    void begin(EventSpec event, Act act) {
        steps.add(new Step(event, true, act));
    }

    /** Adds what is done when it ends. */
    void end(EventSpec event, Act act) {
        steps.add(new Step(event, false, act));
    }

    /** Carries everything out in time, from {@code beginNanos} by the clock; interrupted, it leaves out the rest. */
    void run(long beginNanos) {
        List<Step> inTime =
                steps.stream().sorted(Comparator.comparing(Step::at)).toList();
        for (int i = 0; i < inTime.size(); i++) {
            Step step = inTime.get(i);
            try {
                carryOut(step, beginNanos);
            } catch (InterruptedException e) {
                inTime.subList(i, inTime.size()).forEach(this::leaveOut);
                return;
            } catch (IOException | RuntimeException e) {
                failures.add("at " + step.at() + ": " + e);
            }
        }
    }

    /** Why events did not happen as they were to. */
    List<String> failures() {
        return failures;
    }

    /** Those that have begun, with the times at which they did and were over. */
    List<EventSpec> asTheyHappened(long beginNanos) {
        return from.entrySet().stream()
                .map(event -> asItHappened(event.getKey(), event.getValue() - beginNanos, beginNanos))
                .toList();
    }

    private EventSpec asItHappened(EventSpec event, long atNanos, long beginNanos) {
        if (!event.what().lasts()) {
            return new EventSpec(Duration.ofNanos(atNanos), Duration.ZERO, event.what());
        }
        long endNanos = until.containsKey(event)
                ? until.get(event) - beginNanos
                : atNanos + event.during().toNanos();
        return new EventSpec(Duration.ofNanos(atNanos), Duration.ofNanos(endNanos - atNanos), event.what());
    }

    private void carryOut(Step step, long beginNanos) throws IOException, InterruptedException {
        long atNanos = Math.max(beginNanos + step.at().toNanos(), earliestEndNanos(step));
        TimeUnit.NANOSECONDS.sleep(atNanos - clockNanos.getAsLong());
        // To sleep for no time is not interrupted.
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Duration late = Duration.ofNanos(clockNanos.getAsLong() - beginNanos).minus(step.at());
        if (late.compareTo(LATE) > 0) {
            LOG.warn("At {}: {} {} late.", step.at(), step.begins() ? "begins" : "ends", late);
        }
        if (step.begins()) {
            from.put(step.event(), clockNanos.getAsLong());
        }
        step.act().run();
        (step.begins() ? begun : until).put(step.event(), clockNanos.getAsLong());
    }

    private long earliestEndNanos(Step step) {
        Long from = step.begins() ? null : begun.get(step.event());
        return from == null ? Long.MIN_VALUE : from + step.event().during().toNanos() / 2;
    }

    private void leaveOut(Step step) {
        if (step.begins()) {
            failures.add("at " + step.at() + ": it was over before this was done");
        } else {
            requireTime(step.event());
        }
    }

    /** Of what did not begin is told already. */
    private void requireTime(EventSpec event) {
        Long from = begun.get(event);
        if (from == null) {
            return;
        }
        Duration lasted = Duration.ofNanos(clockNanos.getAsLong() - from);
        if (lasted.multipliedBy(2).compareTo(event.during()) < 0) {
            failures.add("at " + event.at() + ": it lasted " + lasted + " instead of " + event.during());
        }
    }
}
