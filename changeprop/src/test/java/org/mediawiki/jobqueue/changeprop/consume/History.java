package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.fleet.ModelBoard;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/** Some instances, partitions and jobs, and what befalls them, all drawn from a seed; then peace until everything is done. */
final class History {

    private static final long JOBS_UNTIL_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long PEACE_NANOS = Duration.ofSeconds(90).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
    private static final int MOST_INSTANCES = 4;

    private final Random random;
    private final Simulation world;
    private final Journal journal;
    private final List<TopicPartition> partitions;
    private final ModelLog log;
    private final SimulatedWorld around;
    private final Cast cast = new Cast();
    private final Fortune fortune;
    private final Map<String, ModelInstance> instances = new TreeMap<>();
    private final List<Misfortune> misfortunes = new ArrayList<>();
    private int incarnations;
    private boolean isOver;

    /**
     * What it was like, and what must not have been.
     *
     * @param lines what happened, where it was asked for
     * @param excused how often a job started although it had been started before, with cause
     */
    record Outcome(long seed, List<Misfortune> misfortunes, List<String> lines, int excused, List<String> failures) {

        @Override
        public String toString() {
            return "seed " + seed + ", misfortunes " + misfortunes + ":\n" + String.join("\n", lines) + "\nfailures:\n"
                    + String.join("\n", failures);
        }
    }

    private History(long seed, boolean verbose) {
        this.random = new Random(seed);
        this.world = new Simulation(seed);
        this.partitions = IntStream.range(0, 2 + random.nextInt(4))
                .mapToObj(number ->
                        new TopicPartition("eqiad.mediawiki.job." + (number % 2 == 0 ? "a" : "b"), number / 2))
                .toList();
        this.log = new ModelLog(partitions);
        this.journal = new Journal(world, log, verbose);
        this.around = new SimulatedWorld(
                world, journal, new ModelGroup(world, journal, partitions), log, new ModelBoard(), new Moods(world));
        this.fortune = new Fortune(around, cast);
    }

    /** Lives through it. {@code verbose} tells all that happens; nothing else depends on it. */
    static Outcome of(long seed, boolean verbose) {
        History history = new History(seed, verbose);
        history.prepare();
        try {
            history.live();
        } finally {
            history.world.end();
        }
        return new Outcome(
                seed,
                history.misfortunes,
                history.journal.lines(),
                history.journal.excused(),
                history.world.failures());
    }

    private void prepare() {
        int first = 2 + random.nextInt(2);
        for (int number = 0; number < first; number++) {
            String name = "m" + number;
            world.at(nanos(300), () -> start(name));
        }
        for (int jobs = 10 + random.nextInt(30); jobs > 0; jobs--) {
            append((long) (random.nextDouble() * JOBS_UNTIL_NANOS));
        }
        misfortunes.addAll(Misfortune.draw(random));
        misfortunes.forEach(next -> {
            world.at(next.atNanos(), () -> fortune.strike(next));
            for (int burst = random.nextInt(6); burst > 0; burst--) {
                append(next.atNanos() - nanos(600) + nanos(900));
            }
        });
    }

    private void append(long atNanos) {
        TopicPartition partition = partitions.get(random.nextInt(partitions.size()));
        ModelLog.Fate fate = fate();
        world.at(atNanos, () -> log.append(partition, fate));
    }

    private ModelLog.Fate fate() {
        int dice = random.nextInt(20);
        if (dice < 3) {
            return new ModelLog.Fate(0, Ending.SCHEDULED, 0);
        }
        long length = dice < 11 ? nanos(100) : dice < 16 ? nanos(1_500) : dice < 19 ? nanos(5_000) : nanos(14_000);
        Ending how = random.nextInt(5) == 0 ? Ending.RETRIED : Ending.DONE;
        return new ModelLog.Fate(length, how, random.nextInt(8) == 0 ? 1 : 0);
    }

    private long nanos(int mostMillis) {
        return (long) (random.nextDouble() * Duration.ofMillis(mostMillis).toNanos());
    }

    private void live() {
        long peace = misfortunes.stream().mapToLong(Misfortune::endNanos).reduce(JOBS_UNTIL_NANOS, Math::max);
        world.rest(peace, this::hasFailed);
        if (cast.alive().isEmpty()) {
            start("last");
        }
        while (!hasFailed() && !isDone() && world.now() < peace + PEACE_NANOS) {
            world.rest(world.now() + LOOK_NANOS, this::hasFailed);
        }
        if (!hasFailed() && !isDone()) {
            world.fail("not everything is done in the end: " + state());
        }
        isOver = true;
        cast.alive().forEach(ModelInstance::stop);
        world.rest(
                world.now() + ModelInstance.DRAIN_TIMEOUT.toNanos() * 2,
                () -> hasFailed() || instances.values().stream().allMatch(ModelInstance::isDead));
        if (!hasFailed() && !instances.values().stream().allMatch(ModelInstance::isDead)) {
            world.fail("not everybody has ended: " + instances.keySet());
        }
    }

    private void start(String name) {
        journal.note(() -> name + " starts");
        instances.put(name, new ModelInstance(name, ++incarnations, 2 + random.nextInt(3), around));
    }

    private boolean hasFailed() {
        return !world.failures().isEmpty();
    }

    private boolean isDone() {
        return partitions.stream().allMatch(partition -> around.group().committed(partition) == log.end(partition))
                && around.board().notes() == 0;
    }

    private String state() {
        StringBuilder state = new StringBuilder("notes " + around.board().notes());
        partitions.forEach(partition -> state.append(", ")
                .append(partition)
                .append(" is committed to ")
                .append(around.group().committed(partition))
                .append(" of ")
                .append(log.end(partition)));
        return state.toString();
    }

    private final class Cast implements Fortune.Cast {

        @Override
        public List<ModelInstance> alive() {
            return instances.values().stream()
                    .filter(instance -> !instance.isDead() && !instance.isStopping())
                    .toList();
        }

        @Override
        public Iterable<ModelInstance> all() {
            return instances.values();
        }

        @Override
        public void join() {
            if (alive().size() < MOST_INSTANCES) {
                start("m" + (10 + incarnations));
            }
        }

        @Override
        public void startAgain(ModelInstance gone, long nanos) {
            world.at(nanos, () -> {
                if (!gone.isDead() && !isOver) {
                    startAgain(gone, world.now() + LOOK_NANOS);
                } else if (!isOver && instances.get(gone.name()) == gone) {
                    start(gone.name());
                }
            });
        }
    }
}
