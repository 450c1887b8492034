package org.mediawiki.jobqueue.changeprop.dead;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadJobIndexTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void listsTheNewestFirstPageByPage() {
        DeadJobIndex index = new DeadJobIndex(1_000);
        for (int i = 0; i < 25; i++) {
            index.add(job(i % 3, i, i));
        }

        List<Instant> seen = new ArrayList<>();
        Optional<String> next = Optional.empty();
        int pages = 0;
        do {
            DeadJobIndex.Found page = index.search(DeadJobFilter.ALL_DEAD, id -> DeadJobState.DEAD, next, 10);
            page.jobs().forEach(job -> seen.add(job.at()));
            next = page.next();
            pages++;
        } while (next.isPresent());

        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void keepsTheNewestWithinItsBoundAndSaysSo() {
        DeadJobIndex index = new DeadJobIndex(10);
        for (int i = 0; i < 15; i++) {
            index.add(job(0, i, i));
            index.add(job(0, i, i));
        }

        assertThat(index.size()).isEqualTo(10);
        assertThat(index.since()).contains(START.plusSeconds(5));
        index.forget(id -> id.offset() < 14);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void findsByEveryField() {
        DeadJobIndex index = new DeadJobIndex(10);
        index.add(job(0, 1, 1));
        index.add(new DeadJob(
                new DeadJobId(0, 2),
                START.plusSeconds(2),
                "Other",
                "dewiki",
                "id-2",
                "req-2",
                "s",
                404,
                "Not here",
                1));

        assertThat(found(index, DeadJobFilter.ALL_DEAD.ofType("Other"))).containsExactly(2L);
        assertThat(found(index, withText("NOT HERE"))).containsExactly(2L);
        assertThat(found(index, withText("id-2"))).containsExactly(2L);
        assertThat(found(
                        index,
                        new DeadJobFilter(
                                Optional.empty(),
                                Optional.of("dewiki"),
                                Optional.of("req-2"),
                                OptionalInt.of(404),
                                Optional.of(START.plusSeconds(2)),
                                Optional.of(START.plusSeconds(3)),
                                Optional.empty(),
                                Set.of(DeadJobState.DEAD))))
                .containsExactly(2L);
        assertThat(found(
                        index,
                        new DeadJobFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.of(START.plusSeconds(2)),
                                Optional.empty(),
                                Set.of(DeadJobState.DEAD))))
                .containsExactly(1L);
        assertThat(found(
                        index,
                        new DeadJobFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(DeadJobState.DROPPED))))
                .isEmpty();
        assertThat(index.count(DeadJobFilter.ALL_DEAD, id -> DeadJobState.DEAD, DeadJob::type))
                .containsEntry("Other", 1L)
                .containsEntry("Kind", 1L);
    }

    private static List<Long> found(DeadJobIndex index, DeadJobFilter filter) {
        return index.search(filter, id -> DeadJobState.DEAD, Optional.empty(), 10).jobs().stream()
                .map(job -> job.id().offset())
                .toList();
    }

    private static DeadJobFilter withText(String text) {
        return new DeadJobFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(text),
                Set.of(DeadJobState.DEAD));
    }

    private static DeadJob job(int partition, long offset, int second) {
        return new DeadJob(
                new DeadJobId(partition, offset),
                START.plusSeconds(second),
                "Kind",
                "enwiki",
                "id",
                "req",
                "s",
                500,
                "why",
                1);
    }
}
