package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.schedule.ReleasedRecords.Seen;

/** SPEC guarantees 1 and 2 for what waits, while its broker is away. */
final class SchedulerOutageIT extends SchedulerBed {

    @Test
    void aBrokerThatIsAwayForAWhileOnlyMeansWaiting() throws IOException {
        Scheduler scheduler = scheduler("state");
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
        Instant start = Instant.now();
        send(IntStream.range(0, 500)
                .mapToObj(i -> event(start.plusMillis(3_000 + i * 20L), "refreshLinks", text("job " + i)))
                .toList());
        reader.await(50);

        kafka.stopBroker(1);
        await().pollDelay(Duration.ofSeconds(15)).atMost(PATIENCE).until(() -> true);
        kafka.startBroker(1);

        reader.await(500);
        assertThat(reader.settled(Duration.ofSeconds(2)))
                .extracting(Seen::text)
                .hasSize(500)
                .doesNotHaveDuplicates();
        await().atMost(PATIENCE).until(() -> scheduler.unready().isEmpty());
    }
}
