package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.mediawiki.jobqueue.changeprop.kafka.Answers;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.schedule.ReleasedRecords.Seen;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Page;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs.Waiting;

/** SPEC guarantee 5, against a real broker: when what waits is released, and what is done with it meanwhile. */
final class SchedulerIT extends SchedulerBed {

    @Execution(CONCURRENT)
    @Test
    void releasesTheVeryBytesSoonAfterTheirTimeAndNeverBefore() {
        scheduler("state");
        byte[] bytes = new byte[2_000];
        new Random(1).nextBytes(bytes);
        Instant due = Instant.now().plusSeconds(6);

        send(IntStream.range(0, 200)
                .mapToObj(i -> event(due.plusMillis(i * 10L), "refreshLinks", Buffer.buffer(bytes)))
                .toList());

        List<Seen> seen = reader.await(200);
        assertThat(seen).allSatisfy(one -> {
            assertThat(one.record().value()).isEqualTo(bytes);
            Instant itsDue = Instant.parse(
                    new String(one.record().headers().lastHeader("due").value(), StandardCharsets.UTF_8));
            // How late is for a benchmark: this machine may be busy.
            assertThat(one.at()).isBetween(itsDue, itsDue.plusSeconds(10));
        });
    }

    @Execution(CONCURRENT)
    @Test
    void garbageIsHandedOnAndStopsNothing() {
        scheduler("state");
        Instant due = Instant.now().plusSeconds(1);

        for (int partition = 0; partition < SchedulerProcess.PARTITIONS; partition++) {
            acknowledged(outbox.send(new OutboundEvent(topics.scheduledTopic(), partition, text("garbage"))));
        }
        send(IntStream.range(0, 20)
                .mapToObj(i -> event(due, "refreshLinks", text("job " + i)))
                .toList());

        assertThat(reader.await(24)).extracting(Seen::text).contains("the header due is missing", "job 0", "job 19");
    }

    @Execution(CONCURRENT)
    @Test
    void whatItsTopicDoesNotTakeGoesToTheErrorTopic() {
        Answers.await(admin.createTopics(List.of(new NewTopic(topics.retryTopicOf(main("small")), 1, (short) 1)
                        .configs(Map.of("max.message.bytes", "2000"))))
                .all());
        scheduler("state");
        byte[] bytes = new byte[3_000];
        new Random(3).nextBytes(bytes);
        Instant due = Instant.now().plusSeconds(1);

        send(List.of(event(due, "small", Buffer.buffer(bytes)), event(due, "small", text("fits"))));

        assertThat(reader.await(2))
                .extracting(Seen::text)
                .containsExactlyInAnyOrder("fits", topics.retryTopicOf(main("small")) + " does not take 3000 bytes");
    }

    @Execution(CONCURRENT)
    @Test
    void operatorsListRunAndDropWhatWaits() {
        Scheduler scheduler = scheduler("state");
        WaitingJobs jobs = scheduler.waitingJobs(outbox);
        Instant due = Instant.now().plus(Duration.ofDays(6));
        send(IntStream.range(0, 100)
                .mapToObj(i -> event(due.plusMillis(i / 10), i % 2 == 0 ? "even" : "odd", text("job " + i)))
                .toList());
        await().atMost(PATIENCE)
                .until(() -> jobs.countByType().equals(new Answer.Known<>(Map.of("even", 50L, "odd", 50L))));

        List<Waiting> all = pages(jobs, Optional.empty());
        List<Waiting> odd = pages(jobs, Optional.of("odd"));
        Future<Void> dropped = jobs.drop(odd.stream().map(Waiting::id).toList());
        Future<Void> run = jobs.runNow(List.of(all.get(0).id()));

        assertThat(all)
                .hasSize(100)
                .doesNotHaveDuplicates()
                .extracting(Waiting::due)
                .isSorted();
        assertThat(odd).hasSize(50);
        await().atMost(PATIENCE).until(() -> dropped.succeeded() && run.succeeded());
        assertThat(reader.await(1))
                .extracting(Seen::text)
                .containsExactly(all.get(0).value().toString());
        await().atMost(PATIENCE).until(() -> jobs.countByType().equals(new Answer.Known<>(Map.of("even", 49L))));
        assertThat(jobs.find(all.get(0).id())).isEqualTo(new Answer.Known<>(Optional.empty()));
    }

    @Execution(CONCURRENT)
    @Test
    void whileItIsNotReadyItSaysSo() throws InterruptedException {
        Scheduler scheduler = SchedulerProcess.scheduler(
                SchedulerProcess.config("127.0.0.1:1"), topics, folder.resolve("state"), admin);
        schedulers.add(scheduler);
        WaitingJobs jobs = scheduler.waitingJobs(outbox);

        assertThat(jobs.countByType()).isInstanceOf(Answer.NotYet.class);
        scheduler.start();

        assertThat(jobs.list(Optional.empty(), Optional.empty(), 10, one -> one))
                .isInstanceOf(Answer.NotYet.class);
        assertThat(scheduler.unready()).isPresent();
        // What it waits for does not come.
        schedulers.remove(scheduler);
        scheduler.close(Duration.ofSeconds(1));
    }

    private static List<Waiting> pages(WaitingJobs jobs, Optional<String> type) {
        List<Waiting> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<Waiting> page = jobs.list(type, after, 7, one -> one).match(one -> one, why -> {
                throw new AssertionError(why);
            });
            found.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return found;
    }
}
