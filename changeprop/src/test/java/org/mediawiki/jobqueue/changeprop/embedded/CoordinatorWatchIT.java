package org.mediawiki.jobqueue.changeprop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoordinatorWatchIT {

    private static final String TOPIC = "eqiad.mediawiki.job.refreshLinks";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aBrokerWhoseCoordinatorHasGivenUpIsStartedAnew(@TempDir Path folder) throws IOException {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder))) {
            Records records = new Records(kafka.bootstrapServers());
            records.produce(TOPIC, "job");
            records.commit(TOPIC, 1);
            assertThat(CoordinatorWatch.failedPartitions()).isZero();

            FailingCoordinator.fail(kafka);
            assertThat(CoordinatorWatch.failedPartitions())
                    .as("as Kafka counts them")
                    .isPositive();

            await().atMost(PATIENCE).until(() -> CoordinatorWatch.failedPartitions() == 0);
            assertThat(records.committed(TOPIC)).isEqualTo(1);
            assertThat(records.consume(TOPIC, 1)).containsExactly("job");
        }
        assertThat(CoordinatorWatch.failedPartitions()).as("where none runs").isZero();
    }

    @Test
    void itIsNotStartedAnewWhenItWasClosed(@TempDir Path folder) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder));
        Records records = new Records(kafka.bootstrapServers());
        records.produce(TOPIC, "job");
        records.commit(TOPIC, 1);
        FailingCoordinator.fail(kafka);
        kafka.close();

        Thread.sleep(CoordinatorWatch.INTERVAL
                .multipliedBy(CoordinatorWatch.LOOKS + 1)
                .toMillis());

        assertThatThrownBy(() -> records.produce(TOPIC, "job")).hasRootCauseInstanceOf(KafkaException.class);
    }
}
