package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.mediawiki.jobqueue.changeprop.schedule.Instruction.Command.Kind;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/** What should wait, beside what does. */
final class SchedulerModel {

    private static final List<String> TYPES = List.of("a", "ab", "b", "refreshLinks");
    private static final String LARGE = " large".repeat(4_000);

    private final Random random;
    private final TopologyFixture fixture;
    private final Map<String, Job> waiting = new TreeMap<>();
    private final Map<String, Integer> steps = new LinkedHashMap<>();
    private int names;

    private record Job(String type, String name, Instant due) {}

    SchedulerModel(long seed, TopologyFixture fixture) {
        this.random = new Random(seed);
        this.fixture = fixture;
        List.of("schedule", "burst", "advance", "jump", "run", "drop", "order twice", "restart")
                .forEach(kind -> steps.put(kind, 0));
    }

    Map<String, Integer> steps() {
        return steps;
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 45) {
            did("schedule");
            schedule();
        } else if (dice < 50) {
            did("burst");
            random.ints(30).forEach(ignored -> schedule());
        } else if (dice < 75) {
            did("advance");
            fixture.advance(Duration.ofMillis(random.nextInt(2_000)));
        } else if (dice < 80) {
            did("jump");
            fixture.jump(Duration.ofMillis(random.nextInt(20_000)));
        } else if (dice < 95) {
            order();
        } else {
            did("restart");
            fixture.restart();
        }
    }

    /** Released: each once, never early, at once when due, and the earlier before the later. */
    void check() {
        // To the next moment at which alarms ring.
        fixture.advance(Duration.ofMillis(200 - fixture.now().toEpochMilli() % 100));
        List<Job> due = waiting.values().stream()
                .filter(job -> !job.due().isAfter(fixture.now()))
                .toList();
        due.forEach(job -> waiting.remove(job.name()));
        for (String type : TYPES) {
            assertThat(fixture.released(TopologyFixture.retryTopic(type)))
                    .containsExactlyInAnyOrderElementsOf(due.stream()
                            .filter(job -> job.type().equals(type))
                            .map(Job::name)
                            .toList());
        }
        Map<String, Long> counts = new TreeMap<>();
        waiting.values().forEach(job -> counts.merge(job.type(), 1L, Long::sum));
        assertThat(fixture.counts()).isEqualTo(counts);
        assertThat(pages(Optional.empty())).extracting(Waiting::due).isSorted();
        String type = TYPES.get(random.nextInt(TYPES.size()));
        assertThat(pages(Optional.of(type)))
                .extracting(one -> one.value().toString())
                .containsExactlyElementsOf(inOrder(type));
    }

    void checkThatEverythingIsReleasedInTheEnd() {
        fixture.jump(Duration.ofDays(8));
        check();
        assertThat(waiting).isEmpty();
        assertThat(pages(Optional.empty())).isEmpty();
    }

    private List<String> inOrder(String type) {
        return waiting.values().stream()
                .filter(job -> job.type().equals(type))
                .sorted(Comparator.comparing(Job::due).thenComparing(Job::name))
                .map(Job::name)
                .toList();
    }

    private List<Waiting> pages(Optional<String> type) {
        List<Waiting> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            WaitingJobs.Page<Waiting> page = fixture.page(type, after, 1 + random.nextInt(20));
            found.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return found;
    }

    private void schedule() {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        // Few different times, so that many are due at once; some long, some past.
        Duration wait = random.nextInt(10) == 0
                ? Duration.ofHours(random.nextInt(24 * 7))
                : Duration.ofMillis(100L * random.nextInt(100) - 500);
        // A few that are too large to be kept in memory until it is their turn.
        String name = String.format("job %06d", names++) + (random.nextInt(20) == 0 ? LARGE : "");
        waiting.put(name, new Job(type, name, fixture.now().plus(wait)));
        fixture.schedule(type, wait, name);
    }

    private void order() {
        List<Waiting> all = pages(Optional.empty());
        if (all.isEmpty()) {
            return;
        }
        Waiting one = all.get(random.nextInt(all.size()));
        String name = one.value().toString();
        boolean run = random.nextBoolean();
        did(run ? "run" : "drop");
        fixture.order(run ? Kind.RUN : Kind.DROP, one.id());
        if (run) {
            waiting.computeIfPresent(name, (key, job) -> new Job(job.type(), name, fixture.now()));
        } else {
            waiting.remove(name);
        }
        if (random.nextInt(4) == 0) {
            did("order twice");
            fixture.order(Kind.DROP, one.id());
        }
    }

    private void did(String kind) {
        steps.merge(kind, 1, Integer::sum);
    }
}
