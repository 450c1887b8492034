package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/** The gauges of one job type in one pool, or of all those that share a label. */
final class TypeGauges {

    /** Written by whoever refreshes, as a whole; read by scrapes. */
    private volatile TypeState state = new TypeState();

    TypeGauges(Meters meters, Tags tags, String pool) {
        Tags ofPool = tags.and("pool", pool);
        gauge(meters, "jobqueue.slots.in.use", "Attempts under way.", ofPool, TypeState::running);
        gauge(
                meters,
                "jobqueue.slots.elsewhere",
                "Slots taken by jobs that run on the instance that had their partition before.",
                ofPool,
                TypeState::elsewhere);
        gauge(
                meters,
                "jobqueue.slots.limit",
                "The most attempts at once of all types that share the pool.",
                ofPool,
                TypeState::limit);
        gauge(
                meters,
                "jobqueue.rate.limit",
                "The most starts a second of all types that share the pool; 0 where nothing limits them.",
                ofPool,
                TypeState::rate);
        gauge(meters, "jobqueue.jobs.waiting", "Jobs in memory that wait for a slot.", ofPool, TypeState::waiting);
        gauge(
                meters,
                "jobqueue.waiting.oldest.seconds",
                "How long ago the record was written whose job waits for a slot and came first; 0 where none waits.",
                ofPool,
                TypeState::oldestWaitingSeconds);
        gauge(
                meters,
                "jobqueue.lag.seconds",
                "How long ago the oldest record was written whose job runs or waits for a slot; 0 where none does.",
                ofPool,
                TypeState::lagSeconds);
        gauge(
                meters,
                "jobqueue.type.held",
                "1 while the runner asked for patience with the type, else 0.",
                ofPool,
                TypeState::held);
        gauge(
                meters,
                "jobqueue.type.paused",
                "1 while the file or an operator has paused the type, else 0.",
                ofPool,
                TypeState::paused);
    }

    void set(TypeState now) {
        state = now;
    }

    private void gauge(Meters meters, String name, String description, Tags tags, ToDoubleFunction<TypeState> value) {
        meters.gauge(name, description, tags, this, gauges -> value.applyAsDouble(gauges.state));
    }
}
