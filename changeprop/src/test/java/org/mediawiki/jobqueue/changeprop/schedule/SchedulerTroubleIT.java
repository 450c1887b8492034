package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.mediawiki.jobqueue.changeprop.schedule.ReleasedRecords.Seen;

/** SPEC guarantees 1 and 2, against a real broker: what becomes of what waits where something breaks. */
final class SchedulerTroubleIT extends SchedulerBed {

    @Execution(CONCURRENT)
    @Test
    void afterAKillNothingIsLostAndNothingComesTwice() throws IOException, InterruptedException {
        Path ofChild = folder.resolve("child");
        Process child = SchedulerProcess.start(kafka.bootstrapServers(), service, ofChild);
        try {
            Instant start = Instant.now();
            // Due from 8 s on, one each 5 ms: there is always something under way when the process is killed.
            send(IntStream.range(0, 2_500)
                    .mapToObj(i -> event(start.plusMillis(8_000 + i * 5L), "refreshLinks", text("job " + i)))
                    .toList());
            assertThat(reader.await(800)).hasSizeLessThan(2_500);
        } finally {
            child.destroyForcibly().waitFor();
        }

        scheduler("empty");

        reader.await(2_500);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(2_500)
                .doesNotHaveDuplicates();
    }

    @Execution(CONCURRENT)
    @Test
    void withOtherClientsItGoesOnWhereItWas() {
        Scheduler scheduler = scheduler("state");
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        Instant start = Instant.now();
        send(IntStream.range(0, 500)
                .mapToObj(i -> event(start.plusMillis(1_000 + i * 20L), "refreshLinks", text("job " + i)))
                .toList());
        reader.await(50);

        scheduler.renew();

        await().atMost(PATIENCE).until(() -> scheduler.unready().isPresent());
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        reader.await(500);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    @Execution(CONCURRENT)
    @Test
    void largeEventsWaitAndSurviveARestoreAsWell() throws InterruptedException {
        Scheduler first = scheduler("first");
        byte[] large = new byte[4 * 1024 * 1024];
        new Random(2).nextBytes(large);
        Instant due = Instant.now().plusSeconds(15);
        send(List.of(event(due, "refreshLinks", Buffer.buffer(large)), event(due, "cdnPurge", Buffer.buffer(large))));
        await().atMost(PATIENCE).until(() -> first.depthByType().size() == 2);
        first.close(Duration.ofSeconds(20));

        scheduler("second");

        assertThat(reader.await(2))
                .allSatisfy(seen -> assertThat(seen.record().value()).isEqualTo(large));
    }
}
