package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.scenario.LoadSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;

final class ShapesTest {

    private static final int MANY = 10_000;
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void sharesOfRootsAndSha1sAreMet() throws Exception {
        List<JobShape> shapes = shapes("roots: 0.4, sha1: 0.7", MANY);

        assertThat(roots(shapes)).hasSizeBetween(3_800, 4_200);
        assertThat(sha1s(shapes)).hasSizeBetween(6_800, 7_200);
        assertThat(roots(shapes("roots: 1, sha1: 1", MANY))).hasSize(MANY);
    }

    /** Else a dispatcher may leave some out, which the book would take for lost. */
    @Test
    void noJobSupersedesAnother() throws Exception {
        List<JobShape> shapes = shapes("roots: 1, sha1: 1", 100 * Roots.JOBS_PER_ROOT);

        Map<String, List<JobShape.RootEvent>> bySignature =
                roots(shapes).stream().collect(Collectors.groupingBy(JobShape.RootEvent::signature));
        assertThat(bySignature).hasSize(100);
        assertThat(bySignature.values())
                .allSatisfy(
                        root -> assertThat(root).hasSize(Roots.JOBS_PER_ROOT).containsOnly(root.get(0)));
        assertThat(sha1s(shapes)).doesNotHaveDuplicates();
    }

    @Test
    void aRootHappenedWhenItsFirstJobWasMade() throws Exception {
        Shapes shapes = new Shapes(load("roots: 1"), new Random(1), new AdvancingClock());

        List<JobShape.RootEvent> roots = roots(LongStream.range(0, Roots.JOBS_PER_ROOT + 1)
                .mapToObj(shapes::of)
                .toList());

        assertThat(roots).extracting(JobShape.RootEvent::at).first().isEqualTo(Instant.ofEpochSecond(1));
        assertThat(roots).extracting(JobShape.RootEvent::at).last().isEqualTo(Instant.ofEpochSecond(2));
    }

    @Test
    void sizesAreDrawnEvenlyFromTheirRange() throws Exception {
        List<JobShape> shapes = shapes("params: 400B-1KiB", MANY);

        assertThat(shapes).allSatisfy(shape -> assertThat(shape.paramsBytes()).isBetween(400, 1_024));
        assertThat(shapes).extracting(JobShape::paramsBytes).contains(400, 1_024);
        assertThat(shapes.stream().filter(shape -> shape.paramsBytes() < 712)).hasSizeBetween(4_800, 5_200);
        assertThat(shapes("params: 1KiB", 100))
                .extracting(JobShape::paramsBytes)
                .containsOnly(1_024);
    }

    @Test
    void whatIsNotAskedForIsNotThere() throws Exception {
        List<JobShape> shapes = shapes("wikis: 3", 100);

        assertThat(roots(shapes)).isEmpty();
        assertThat(sha1s(shapes)).isEmpty();
        assertThat(shapes).allSatisfy(shape -> assertThat(shape.delayUntil()).isEmpty());
        assertThat(shapes).extracting(JobShape::paramsBytes).containsOnly(1_000);
        assertThat(shapes).extracting(JobShape::type).startsWith("a", "b", "a");
        assertThat(shapes).extracting(shape -> shape.wiki().database()).containsOnly("wiki0", "wiki1", "wiki2");
    }

    @Test
    void theSameSeedGivesTheSameEvents() throws Exception {
        LoadSpec load = load("roots: 0.5, sha1: 0.5, params: 400B-4KiB, delayed: 0.5, delay_up_to: 1h");

        assertThat(events(load, 42)).isEqualTo(events(load, 42));
        assertThat(events(load, 42)).isNotEqualTo(events(load, 43));
    }

    private static List<JobEvent> events(LoadSpec load, long seed) {
        JobEvents events = new JobEvents(seed, CLOCK);
        return shapes(load, new Random(seed), 100).map(events::next).toList();
    }

    private List<JobShape> shapes(String keys, int count) throws Exception {
        return shapes(load(keys), new Random(1), count).toList();
    }

    private static Stream<JobShape> shapes(LoadSpec load, Random random, int count) {
        Shapes shapes = new Shapes(load, random, CLOCK);
        return LongStream.range(0, count).mapToObj(shapes::of);
    }

    private LoadSpec load(String keys) throws Exception {
        Path file = Files.writeString(
                folder.resolve("scenario.yaml"), "{about: a test, load: [{types: [a, b], backlog: 1, " + keys + "}]}");
        return Scenarios.named(file.toString()).load().get(0);
    }

    private static List<JobShape.RootEvent> roots(List<JobShape> shapes) {
        return shapes.stream()
                .map(shape -> shape.sameness().root())
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<String> sha1s(List<JobShape> shapes) {
        return shapes.stream()
                .map(shape -> shape.sameness().sha1())
                .flatMap(Optional::stream)
                .toList();
    }

    /** A second later with each look. */
    private static final class AdvancingClock extends Clock {

        private long seconds;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(++seconds);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
