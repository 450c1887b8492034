package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/** A hundred topics that appear at once: two instances take them in while the jobs of all others flow on. */
@Alone
final class NewTopicsIT {

    private static final int TOPICS = 100;
    private static final Map<String, Integer> STEADY =
            Map.of("SteadyOne", 2, "SteadyTwo", 2, "SteadyThree", 2, "SteadyFour", 2);

    /** Promised is 1 s; the rest is for brokers, producer, runner and both instances on two cores that others use too. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private final JobEvents events = new JobEvents(51, Clock.systemUTC());

    @Test
    void noOtherTopicPausesWhileAHundredAppear() {
        Setup setup = Setup.lanes("main: {jobs: {SteadyOne: {}, SteadyTwo: {}, SteadyThree: {}}}");
        try (TestBed bed = new TestBed()) {
            bed.createTopics(STEADY.keySet().toArray(new String[0]));
            bed.start(setup);
            bed.start(setup);
            await().atMost(TestBed.PATIENCE)
                    .ignoreException(GroupIdNotFoundException.class)
                    .until(() -> bed.members().stream()
                                    .filter(member -> !member.assignment()
                                            .topicPartitions()
                                            .isEmpty())
                                    .count()
                            == 2);
            try (SteadyTraffic traffic = new SteadyTraffic(bed, STEADY)) {
                STEADY.keySet().forEach(type -> bed.awaitEnded(type, 50));
                long begun = bed.runner().ledger().nowNanos();

                List<JobEvent> firsts = new ArrayList<>();
                for (String type : createTopics(bed)) {
                    firsts.add(events.next(JobShape.of(type)));
                }
                bed.produce(firsts);
                firsts.forEach(first -> bed.awaitRequests(first, 1));

                Duration pause = longestWait(bed, traffic, begun);
                System.out.println(
                        TOPICS + " new topics, each with a retry topic: the longest that another's job waited" + " was "
                                + pause);
                assertThat(pause).isLessThan(LONGEST_PAUSE);
            }
        }
    }

    private static List<String> createTopics(TestBed bed) {
        List<String> types =
                IntStream.range(0, TOPICS).mapToObj(number -> "New" + number).toList();
        bed.createTopics(types.toArray(new String[0]));
        return types;
    }

    /** From a steady job's production to its run, of those that have come since {@code begunNanos}. */
    private static Duration longestWait(TestBed bed, SteadyTraffic traffic, long begunNanos) {
        Map<String, Long> producedAt = traffic.producedAt();
        return bed.runner().ledger().requests().stream()
                .filter(request -> producedAt.getOrDefault(request.job().event().id(), 0L) >= begunNanos)
                .map(request -> waited(bed, request, producedAt))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Duration waited(TestBed bed, RecordedRequest request, Map<String, Long> producedAt) {
        long produced = producedAt.getOrDefault(request.job().event().id(), Long.MAX_VALUE);
        return bed.ran(produced, request.span().startNanos());
    }
}
