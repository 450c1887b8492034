package org.mediawiki.jobqueue.changeprop.dispatch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.mediawiki.jobqueue.changeprop.consume.PolledRecord;
import org.mediawiki.jobqueue.changeprop.ledger.FinishedAbove;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;
import org.mediawiki.jobqueue.changeprop.metrics.QueueMetrics;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.lane.Blockage;

/** Jobs about which nothing matters but that they are different ones. */
final class OpenJobs {

    private static final JobTopic TOPIC = new JobTopic("a", JobTopic.Kind.MAIN);
    private static final Rule RULE = new Rule(
            "a",
            new RetryPolicy(2, Duration.ofSeconds(60), 6),
            Optional.empty(),
            Optional.empty(),
            Duration.ofDays(30),
            true);
    private static final JobKind KIND = new JobKind(
            TOPIC,
            "mediawiki.job.a",
            "retry",
            RULE,
            new QueueMetrics(new SimpleMeterRegistry(), "cpjobqueue").of("main", "a", "a", "mediawiki.job.a"));

    private OpenJobs() {}

    static OpenJob any() {
        PolledRecord polled = new PolledRecord(
                TOPIC,
                new ConsumerRecord<>("eqiad.mediawiki.job.a", 0, 0, new byte[0], new byte[0]),
                new PartitionLedger(0, FinishedAbove.NOTHING, slot -> {}, new Totals()).open(0, 1));
        Job job = new Job("a", "enwiki", "s1", "", "", "", Buffer.buffer());
        return new OpenJob(
                Origin.of(polled),
                KIND,
                new OpenJob.Content(TestEvents.job(), Optional.empty(), false, job),
                new OpenJob.Listener() {
                    @Override
                    public boolean start(OpenJob started) {
                        return true;
                    }

                    @Override
                    public void finished(OpenJob finished, Verdict verdict) {}

                    @Override
                    public void turnedAway(OpenJob turnedAway, Duration wait, Blockage why) {}
                });
    }
}
