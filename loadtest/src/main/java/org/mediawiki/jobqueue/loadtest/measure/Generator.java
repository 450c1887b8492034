package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobProducer;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.scenario.LoadSpec;

/**
 * Produces the jobs of a scenario: the backlog as fast as Kafka takes it, then the streams at their own pace. A stream
 * that falls behind catches up, and its jobs count from when they were to be produced.
 *
 * <p>Its methods block; {@link #produced} may be asked on any thread.
 */
final class Generator {

    private static final int BATCH = 5_000;
    private static final Duration TICK = Duration.ofMillis(1);

    private final JobProducer producer;
    private final JobBook book;
    private final LongSupplier ledgerNanos;
    private final Clock clock = Clock.systemUTC();
    private final JobEvents events;
    private final Random random;
    private final AtomicLong produced = new AtomicLong();

    /** The same {@code seed} makes the same jobs; {@code ledgerNanos} is the clock of {@code book}. */
    Generator(JobProducer producer, JobBook book, LongSupplier ledgerNanos, long seed) {
        this.producer = producer;
        this.book = book;
        this.ledgerNanos = ledgerNanos;
        this.events = new JobEvents(seed, clock);
        this.random = new Random(seed);
    }

    /** How many jobs were produced, those of which Kafka has not acknowledged any included. */
    long produced() {
        return produced.get();
    }

    /** Produces one job of each type: when they have come through, the dispatcher is at work, and knows every topic. */
    void produceHeralds(List<String> types) {
        List<JobEvent> heralds =
                types.stream().map(type -> events.next(JobShape.of(type))).toList();
        producer.createTopics(types);
        heralds.forEach(herald -> book.add(herald.id(), ledgerNanos.getAsLong(), false));
        producer.produce(heralds);
        produced.addAndGet(heralds.size());
    }

    /** Produces what is to be in Kafka at the start; {@code onBatch} runs every few thousand jobs. */
    void produceBacklog(List<LoadSpec> load, Runnable onBatch) {
        for (LoadSpec stream : load) {
            Shapes shapes = new Shapes(stream, random, clock);
            for (long made = 0; made < stream.backlog(); ) {
                List<JobEvent> batch = new ArrayList<>(BATCH);
                for (; batch.size() < BATCH && made < stream.backlog(); made++) {
                    batch.add(next(shapes.of(made), ledgerNanos.getAsLong(), false));
                }
                producer.produce(batch);
                produced.addAndGet(batch.size());
                onBatch.run();
            }
        }
    }

    /** Produces the streams; returns when the last has ended. */
    void produceStreams(List<LoadSpec> load, long beginNanos) throws InterruptedException {
        List<Stream> streams = load.stream()
                .filter(stream -> stream.rate() != null)
                .map(Stream::new)
                .toList();
        Duration end = streams.stream()
                .map(stream -> stream.spec.end())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Duration elapsed = Duration.ZERO;
        while (elapsed.compareTo(end) < 0) {
            TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
            Duration now = Duration.ofNanos(ledgerNanos.getAsLong() - beginNanos);
            for (Stream stream : streams) {
                stream.produceUntil(beginNanos, elapsed, now);
            }
            elapsed = now;
        }
    }

    private JobEvent next(JobShape shape, long fromNanos, boolean timed) {
        JobEvent event = events.next(shape);
        shape.delayUntil().ifPresentOrElse(due -> addDelayed(event, due), () -> book.add(event.id(), fromNanos, timed));
        return event;
    }

    private void addDelayed(JobEvent event, Instant due) {
        // In this order: where time goes by between the two, the book is early, and no job is taken for an early one.
        long sent = ledgerNanos.getAsLong();
        long waits = Math.max(0, Duration.between(clock.instant(), due).toNanos());
        book.addDelayed(event.id(), sent, sent + waits);
    }

    /** One stream under way. */
    private final class Stream {

        private final LoadSpec spec;
        private final Shapes shapes;
        private final Repeats repeats;
        private long made;

        Stream(LoadSpec spec) {
            this.spec = spec;
            this.shapes = new Shapes(spec, random, clock);
            this.repeats = new Repeats(spec.duplicates(), spec.duplicatesAfter(), random);
        }

        /** Makes those that have become due between two moments, each from its own moment in between. */
        void produceUntil(long beginNanos, Duration before, Duration now) {
            long wanted = spec.producedBy(now);
            long count = wanted - made;
            // Whoever comes late makes the last ones after the end, but they were to come before it.
            Duration until = now.compareTo(spec.end()) < 0 ? now : spec.end();
            long between = until.minus(before).toNanos();
            for (long i = 0; i < count; i++) {
                long fromNanos = beginNanos + before.toNanos() + between * (2 * i + 1) / (2 * count);
                send(duplicateOrNext(fromNanos));
                made++;
            }
        }

        private JobEvent duplicateOrNext(long fromNanos) {
            Optional<JobEvent> again = repeats.next(ledgerNanos.getAsLong());
            if (again.isPresent()) {
                book.add(again.get().id(), fromNanos, true);
                return again.get();
            }
            JobEvent event = next(shapes.of(made), fromNanos, true);
            repeats.remember(event, ledgerNanos.getAsLong());
            return event;
        }

        private void send(JobEvent event) {
            produced.incrementAndGet();
            producer.produceLater(event, () -> book.refuse(event.id()));
        }
    }
}
