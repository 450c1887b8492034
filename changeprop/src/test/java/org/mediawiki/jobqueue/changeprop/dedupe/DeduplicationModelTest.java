package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Random jobs against a naive model that keeps every completed run; the seed is the parameter. */
final class DeduplicationModelTest {

    private static final int STEPS = 2_000;
    private static final DedupeConfig CONFIG =
            new DedupeConfig(DedupeConfig.Store.MEMORY, Duration.ofSeconds(20), Duration.ofSeconds(60), null);

    private final FakeTime time = new FakeTime();
    private final MemoryDeduplication memory =
            new MemoryDeduplication(new JobMemory(CONFIG, time), DedupeListener.NONE);
    private final List<Run> runs = new ArrayList<>();
    private final Set<DuplicateOf> found = EnumSet.noneOf(DuplicateOf.class);

    /** A run that has ended: what it knew, and until when that counts. */
    private record Run(JobEvent job, Instant startedAt, Instant endedAt) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithTheNaiveModel(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            time.advance(Duration.ofMillis(random.nextInt(1_000)));
            JobEvent job = randomJob(random);
            Optional<DuplicateOf> verdict = memory.seenHere(job, TestJobs.RULE, TestJobs.STREAM);
            assertThat(verdict).as("step %d, %s", step, job).isEqualTo(naive(job));
            verdict.ifPresent(found::add);
            if (verdict.isEmpty() && random.nextInt(3) > 0) {
                complete(job, random);
            }
        }
        assertThat(found).containsExactlyInAnyOrder(DuplicateOf.values());
    }

    private void complete(JobEvent job, Random random) {
        Instant startedAt = time.instant().minusMillis(random.nextInt(3_000));
        memory.done(job, TestJobs.RULE, TestJobs.STREAM, startedAt);
        runs.add(new Run(job, startedAt, time.instant()));
    }

    private JobEvent randomJob(Random random) {
        Instant createdAt = time.instant().minusMillis(random.nextInt(8_000));
        return TestJobs.job(
                "id" + random.nextInt(400),
                createdAt,
                random.nextBoolean() ? Optional.of("sha" + random.nextInt(6)) : Optional.empty(),
                random.nextBoolean()
                        ? Optional.of(
                                new RootEvent(createdAt.minusMillis(random.nextInt(8_000)), "sig" + random.nextInt(6)))
                        : Optional.empty());
    }

    /** The rules as SPEC section 5 says them, over all runs that still count. */
    private Optional<DuplicateOf> naive(JobEvent job) {
        if (runs.stream().anyMatch(run -> isRecent(run) && run.job().id().equals(job.id()))) {
            return Optional.of(DuplicateOf.ID);
        }
        List<Instant> starts = startsOfTheSameWork(job);
        if (starts.stream().anyMatch(start -> job.createdAt().plusMillis(1_000).isBefore(start))) {
            return Optional.of(DuplicateOf.SHA1);
        }
        if (job.root().isEmpty()) {
            return Optional.empty();
        }
        RootEvent root = job.root().get();
        if (starts.stream().anyMatch(start -> root.at().plusMillis(1_000).isBefore(start))) {
            return Optional.of(DuplicateOf.ROOT_OF_SHA1);
        }
        return newestRoot(root.signature()).filter(root.at()::isBefore).map(newer -> DuplicateOf.ROOT);
    }

    /** A date that did not move the remembered one forward does not make it live longer, so the order matters. */
    private List<Instant> startsOfTheSameWork(JobEvent job) {
        Optional<Run> last = Optional.empty();
        for (Run run : runs) {
            boolean isSame = job.sha1().isPresent() && run.job().sha1().equals(job.sha1());
            if (isSame && moves(last, run, Run::startedAt, CONFIG.ttl())) {
                last = Optional.of(run);
            }
        }
        return last.filter(this::isRecent).map(Run::startedAt).stream().toList();
    }

    private Optional<Instant> newestRoot(String signature) {
        Optional<Run> last = Optional.empty();
        for (Run run : runs) {
            boolean isSame = run.job().root().map(RootEvent::signature).equals(Optional.of(signature));
            if (isSame && moves(last, run, DeduplicationModelTest::rootAt, CONFIG.rootTtl())) {
                last = Optional.of(run);
            }
        }
        return last.filter(run -> age(run, time.instant()).compareTo(CONFIG.rootTtl()) < 0)
                .map(DeduplicationModelTest::rootAt);
    }

    private static boolean moves(Optional<Run> last, Run next, Function<Run, Instant> date, Duration ttl) {
        return last.filter(run -> age(run, next.endedAt()).compareTo(ttl) < 0)
                .map(run -> !date.apply(run).isAfter(date.apply(next)))
                .orElse(true);
    }

    private static Instant rootAt(Run run) {
        Instant at = run.job().root().orElseThrow().at();
        return at.isAfter(run.startedAt()) ? run.startedAt() : at;
    }

    private boolean isRecent(Run run) {
        return age(run, time.instant()).compareTo(CONFIG.ttl()) < 0;
    }

    private static Duration age(Run run, Instant now) {
        return Duration.between(run.endedAt(), now);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }
}
