package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.FakeTime;

final class MemoryDeduplicationTest extends DeduplicationContract {

    private static final DedupeConfig CONFIG =
            new DedupeConfig(DedupeConfig.Store.MEMORY, Duration.ofHours(1), Duration.ofHours(24), null);

    private final FakeTime time = new FakeTime();
    private final List<DuplicateOf> told = new ArrayList<>();

    @Override
    Looks fresh() {
        return looksOf(memory());
    }

    @Test
    void forgetsJobsAndRootEventsEachInTheirTime() {
        Looks looks = fresh();
        looks.done(work("1", NOON, "abc", NOON), NOON.plusSeconds(5));

        time.advance(Duration.ofHours(1));
        assertThat(looks.seenBefore(TestJobs.plain("1", NOON))).isEmpty();
        assertThat(looks.seenBefore(TestJobs.hashed("2", NOON, "abc"))).isEmpty();
        assertThat(looks.seenBefore(work("3", NOON, "abc", NOON.minusSeconds(1))))
                .contains(DuplicateOf.ROOT);

        time.advance(Duration.ofHours(23));
        assertThat(looks.seenBefore(work("4", NOON, "abc", NOON.minusSeconds(1))))
                .isEmpty();
    }

    @Test
    void knowsTheLastJobsHoweverManyThereWere() {
        Looks looks = fresh();
        int jobs = 300_000;

        for (int i = 0; i < jobs; i++) {
            looks.done(TestJobs.plain(id(i), NOON), NOON);
        }

        assertThat(looks.seenBefore(TestJobs.plain(id(0), NOON))).isEmpty();
        for (int i = jobs - 160_000; i < jobs; i++) {
            assertThat(looks.seenBefore(TestJobs.plain(id(i), NOON))).contains(DuplicateOf.ID);
        }
    }

    @Test
    void tellsOfEachDuplicateThatItFinds() {
        Looks looks = fresh();
        looks.done(TestJobs.plain("1", NOON), NOON);

        looks.seenBefore(TestJobs.plain("1", NOON));
        looks.seenBefore(TestJobs.plain("2", NOON));

        assertThat(told).containsExactly(DuplicateOf.ID);
    }

    @Test
    void ofARetryKnowsOnlyTheVeryEvent() {
        Deduplication memory = memory();
        memory.done(TestJobs.hashed("1", NOON, "abc"), "a", "mediawiki.job.a", NOON.plusSeconds(5));

        assertThat(memory.isDoneHere(TestJobs.hashed("2", NOON, "abc"), "a", "mediawiki.job.a"))
                .isFalse();
        assertThat(told).isEmpty();
        assertThat(memory.isDoneHere(TestJobs.hashed("1", NOON, "abc"), "a", "mediawiki.job.a"))
                .isTrue();
    }

    @Test
    void theStoreThatIsOffRemembersNothing() {
        Looks looks = looksOf(Deduplication.NONE);
        looks.done(TestJobs.plain("1", NOON), NOON);

        assertThat(looks.seenBefore(TestJobs.plain("1", NOON))).isEmpty();
    }

    private Deduplication memory() {
        Vertx vertx = Vertx.vertx();
        try {
            return Deduplication.open(vertx.getOrCreateContext(), CONFIG, time, new Listener())
                    .result();
        } finally {
            vertx.close();
        }
    }

    private static Looks looksOf(Deduplication deduplication) {
        return new Looks() {
            @Override
            public Optional<DuplicateOf> seenBefore(JobEvent job, String rule, String stream) {
                return deduplication.seenBefore(job, rule, stream).result();
            }

            @Override
            public void done(JobEvent job, String rule, String stream, Instant startedAt) {
                deduplication.done(job, rule, stream, startedAt);
            }
        };
    }

    private static String id(int number) {
        return "00000000-0000-0000-0000-%012d".formatted(number);
    }

    private final class Listener implements DedupeListener {
        @Override
        public void duplicate(DuplicateOf kind) {
            told.add(kind);
        }

        @Override
        public void unchecked(StoreTrouble why) {
            throw new AssertionError("memory is never in trouble");
        }

        @Override
        public void unremembered(StoreTrouble why) {
            throw new AssertionError("memory is never in trouble");
        }
    }
}
