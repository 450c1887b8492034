package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

final class RepeatsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<JobEvent> jobs = new JobEvents(1, Clock.systemUTC()).next(10, JobShape.of("type"));

    @Test
    void onlyWhatWasProducedLongEnoughAgoComesAgain() {
        Repeats repeats = repeats(1, Duration.ofSeconds(5));
        repeats.remember(jobs.get(0), SECOND);
        repeats.remember(jobs.get(1), 2 * SECOND);

        assertThat(repeats.next(6 * SECOND - 1)).isEmpty();
        assertThat(repeats.next(6 * SECOND)).contains(jobs.get(0));
        assertThat(draw(repeats, 7 * SECOND, 100)).contains(jobs.get(0), jobs.get(1));
    }

    @Test
    void theShareIsMet() {
        Repeats repeats = repeats(0.2, Duration.ZERO);
        jobs.forEach(job -> repeats.remember(job, 0));

        assertThat(draw(repeats, 0, 10_000)).hasSizeBetween(1_800, 2_200).containsAll(jobs);
    }

    @Test
    void nothingComesAgainUnlessThatIsAskedFor() {
        Repeats repeats = repeats(0, Duration.ZERO);
        jobs.forEach(job -> repeats.remember(job, 0));

        assertThat(draw(repeats, SECOND, 100)).isEmpty();
    }

    private static Repeats repeats(double share, Duration after) {
        return new Repeats(share, after, new Random(7));
    }

    private static List<JobEvent> draw(Repeats repeats, long nowNanos, int times) {
        return Stream.generate(() -> repeats.next(nowNanos))
                .limit(times)
                .flatMap(Optional::stream)
                .toList();
    }
}
