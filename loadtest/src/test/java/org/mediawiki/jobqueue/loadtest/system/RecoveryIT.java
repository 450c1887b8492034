package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger;

/**
 * How soon the work of a killed process goes on: under its own name where it comes back, elsewhere where it does not.
 * The times are printed; what is asserted leaves room for a machine of two cores that others use as well.
 */
final class RecoveryIT {

    /** Of whoever comes back: long, so that a loaded machine starts a JVM before it ends, and what came back did not wait for it. */
    private static final Duration LONG_SESSION = Duration.ofSeconds(45);

    /**
     * Promised are 5 s. Most of it is the JVM's start, which a loaded machine makes several times as long; what is shown is that it
     * needs no session to end.
     */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    /** The least that brokers allow. */
    private static final Duration SESSION = Duration.ofSeconds(6);

    /** Promised are 10 s: the session timeout of 6 s and a rebalance. */
    private static final Duration REPLACED_WITHIN = Duration.ofSeconds(14);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> TYPES =
            IntStream.range(0, 6).mapToObj(number -> "Type" + number).toList();

    private static final String LANES = TYPES.stream()
            .map(name -> name + ": {concurrency: 5}")
            .collect(Collectors.joining(", ", "main: {jobs: {", "}}"));

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(41, Clock.systemUTC());

    @Test
    void whoIsKilledAndStartsAgainHasItsFamiliesBackAtOnceAndTheOthersNoticeNothing() {
        try (TestBed bed = bed();
                ServiceProcess one = start(bed, "one", LONG_SESSION);
                ServiceProcess two = start(bed, "two", LONG_SESSION)) {
            Set<String> ofOne = await(bed, "one", 3);
            Set<String> ofTwo = await(bed, "two", 3);
            RequestLedger ledger = bed.runner().ledger();
            int loggedBefore = two.log().length();

            one.kill();
            long killed = ledger.nowNanos();
            try (ServiceProcess again = start(bed, "one", LONG_SESSION)) {
                Duration back = untilWorked(bed, ofOne);
                System.out.println("killed and started again: its job types work after " + back);

                assertThat(back).isLessThan(BACK_WITHIN);
                // While the group looks at what has joined, it shows nobody's share.
                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(owned(bed, "one")).isEqualTo(ofOne);
                    assertThat(owned(bed, "two")).isEqualTo(ofTwo);
                });
                assertThat(two.log().substring(loggedBefore)).doesNotContain("Gave up", "Lost");
                assertThat(ledger.nowNanos()).isGreaterThan(killed);
                again.kill();
            }
        }
    }

    @Test
    void whoIsKilledAndDoesNotComeBackIsReplaced() {
        try (TestBed bed = bed();
                ServiceProcess one = start(bed, "one");
                ServiceProcess two = start(bed, "two")) {
            Set<String> ofOne = await(bed, "one", 3);
            await(bed, "two", 3);

            one.kill();
            Duration replaced = untilWorked(bed, ofOne);
            System.out.println("killed for good: its job types work after " + replaced);

            assertThat(replaced).isLessThan(REPLACED_WITHIN);
            await(bed, "two", 6);
            two.kill();
        }
    }

    @Test
    void ofTwoOfOneNameTheOlderOneEndsAndSaysWhy() {
        try (TestBed bed = bed();
                ServiceProcess older = start(bed, "one")) {
            await(bed, "one", 6);
            try (ServiceProcess younger = start(bed, "one")) {
                assertThat(older.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
                assertThat(older.log()).contains("Another process has started under the name of this one");
                untilWorked(bed, Set.copyOf(TYPES));
                younger.kill();
            }
        }
    }

    private static TestBed bed() {
        TestBed bed = new TestBed();
        bed.createTopics(TYPES.toArray(new String[0]));
        TYPES.forEach(name -> bed.runner().on(type(name)).answer(ok()));
        return bed;
    }

    private ServiceProcess start(TestBed bed, String name) {
        return start(bed, name, SESSION);
    }

    private ServiceProcess start(TestBed bed, String name, Duration session) {
        return ServiceProcess.start(
                folder,
                bed.yaml(Setup.lanes(LANES)
                        .withKafka("first_start: earliest, consumer: {session.timeout.ms: %d}"
                                .formatted(session.toMillis()))
                        .withKeys("instance: " + name)));
    }

    /** Produces a job of each of these, and waits until all have been run. */
    private Duration untilWorked(TestBed bed, Set<String> types) {
        long start = bed.runner().ledger().nowNanos();
        List<JobEvent> jobs = new ArrayList<>();
        types.forEach(name -> jobs.add(events.next(JobShape.of(name))));
        bed.produce(jobs);
        jobs.forEach(job -> bed.awaitRequests(job, 1));
        return bed.ranSince(start);
    }

    /** The job types of an instance, when it has so many. */
    private static Set<String> await(TestBed bed, String name, int count) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreException(GroupIdNotFoundException.class)
                .until(() -> owned(bed, name), owned -> owned.size() == count);
    }

    private static Set<String> owned(TestBed bed, String name) {
        return bed.members().stream()
                .filter(member -> member.groupInstanceId()
                        .filter((name + "-main")::equals)
                        .isPresent())
                .map(MemberDescription::assignment)
                .flatMap(assignment -> assignment.topicPartitions().stream())
                .map(TopicPartition::topic)
                .map(topic -> topic.substring(topic.lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
    }
}
