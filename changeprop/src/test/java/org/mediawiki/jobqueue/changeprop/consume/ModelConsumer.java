package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.ModelGroup.Answer;

/**
 * A client of {@link ModelGroup} and {@link ModelLog}, as Kafka's own is where it matters here: it hears of rounds by its
 * heartbeats and joins within a poll; from then until the round is over it refuses commits by itself; it fetches whether it
 * is a member still or not, what it had fetched already also without brokers; and it tells of answers within a poll or where
 * it is asked to wait for them.
 */
@SuppressWarnings(
        "UnsynchronizedOverridesSynchronized") // Who has the turn needs no lock, and must not keep one while it rests.
final class ModelConsumer extends MockConsumer<byte[], byte[]> {

    /** While nothing goes on that could be noticed, a poll lasts so long, as on a busy machine: there are fewer turns. */
    private static final long QUIET_POLL_NANOS = Duration.ofMillis(200).toNanos();

    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final ModelInstance instance;
    private final Simulation world;
    private final ModelMembership membership;
    private final Fetches fetches;
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private @Nullable ConsumerRebalanceListener listener;
    private @Nullable Question question;
    private int commitsUnderWay;
    private int slowUnderWay;
    private boolean woken;
    private boolean closed;

    private static final class Question {
        private final Set<TopicPartition> partitions;
        private @Nullable Map<TopicPartition, OffsetAndMetadata> answer;

        Question(Set<TopicPartition> partitions) {
            this.partitions = Set.copyOf(partitions);
        }
    }

    ModelConsumer(ModelInstance instance) {
        super("earliest");
        this.instance = instance;
        this.world = instance.world();
        this.fetches = new Fetches(instance);
        this.membership = new ModelMembership(instance, fetches, () -> !closed);
    }

    ModelMembership membership() {
        return membership;
    }

    /** Whether a commit waits for brokers that were slow when it was sent: no other is sent meanwhile. */
    boolean waitsForSlowBrokers() {
        return slowUnderWay > 0;
    }

    /** The brokers are out of reach from here on: what has been fetched is there. */
    void isCutOff() {
        fetches.keepSome();
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener whoIsTold) {
        listener = whoIsTold;
        instance.isServedBy(this);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration patience) {
        long begun = world.now();
        while (true) {
            wakeUp();
            tellAnswers();
            membership.keepUp(listener());
            // Whatever happens, it takes a moment: otherwise a full log would be read in no time.
            if (world.now() > begun || patience.isZero()) {
                ConsumerRecords<byte[], byte[]> records = fetches.take();
                if (!records.isEmpty() || isOver(begun, patience)) {
                    return records;
                }
            }
            long until = Math.max(begun + patience.toNanos(), world.now() + MILLI);
            long quietUntil = Math.max(begun + QUIET_POLL_NANOS, until);
            world.wakeAt(until);
            world.rest(quietUntil, () -> world.now() >= begun + MILLI && (hasNews() || isOver(begun, patience)));
        }
    }

    private boolean isOver(long begun, Duration patience) {
        long took = world.now() - begun;
        return took >= patience.toNanos()
                && (took >= QUIET_POLL_NANOS || commitsUnderWay > 0 || instance.isBusy() || patience.isZero());
    }

    private boolean hasNews() {
        return woken || !answers.isEmpty() || membership.hasNews() || fetches.hasSome();
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        instance.isAtWork();
        if (membership.isJoining()) {
            membership.refused();
            answers.add(() -> callback.onComplete(offsets, new RebalanceInProgressException("a round is under way")));
            return;
        }
        if (!membership.isMember()) {
            answers.add(() -> callback.onComplete(offsets, new CommitFailedException()));
            return;
        }
        long mood = instance.brokersMood();
        commitsUnderWay++;
        slowUnderWay += mood > 0 ? 1 : 0;
        instance.health().look();
        ModelMembership.Card card = membership.card();
        long sent = world.now();
        instance.ways().toGroup().send(mood, () -> {
            Optional<Answer> answer =
                    instance.group().commit(instance.name(), card.member(), card.generation(), offsets);
            instance.ways().fromGroup().send(mood, () -> {
                commitsUnderWay--;
                slowUnderWay -= mood > 0 ? 1 : 0;
                instance.health().look();
                answers.add(() -> callback.onComplete(offsets, failureOf(answer, card, sent)));
                instance.isAtWork();
            });
        });
    }

    private @Nullable Exception failureOf(Optional<Answer> answer, ModelMembership.Card card, long sentNanos) {
        if (answer.isEmpty()) {
            return new RetriableCommitFailedException("the coordinator is gone, or a topic");
        }
        if (answer.get() == Answer.NO_MEMBER) {
            membership.isNone(card);
            return new CommitFailedException();
        }
        membership.accepted(sentNanos);
        return null;
    }

    /** Without offsets alone, as the committer uses it: waits for the answers to what was sent before. */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> none, Duration patience) {
        world.rest(world.now() + patience.toNanos(), () -> commitsUnderWay == 0);
        tellAnswers();
        if (commitsUnderWay > 0) {
            throw new TimeoutException("no answer to commits");
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration patience) {
        Question asked = question;
        if (asked == null || !asked.partitions.equals(partitions)) {
            asked = new Question(partitions);
            question = asked;
            ask(asked);
        }
        Question present = asked;
        world.rest(world.now() + patience.toNanos(), () -> present.answer != null);
        if (present.answer == null) {
            throw new TimeoutException("it is not told yet what is committed");
        }
        question = null;
        return new HashMap<>(present.answer);
    }

    private void ask(Question asked) {
        instance.ways()
                .toGroup()
                .send(
                        instance.brokersMood(),
                        () -> instance.group()
                                .committed(
                                        instance.name(),
                                        asked.partitions,
                                        found -> instance.ways().fromGroup().send(() -> {
                                            asked.answer = found;
                                            instance.isAtWork();
                                        })));
    }

    /** Of what has no commit: it begins at its beginning. */
    @Override
    public long position(TopicPartition partition, Duration patience) {
        world.rest(world.now() + (instance.ways().isCutOff() ? patience.toNanos() : MILLI), () -> false);
        if (instance.ways().isCutOff()) {
            throw new TimeoutException("no broker tells a position");
        }
        return fetches.begin(partition);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        fetches.seek(partition, offset);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        fetches.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        fetches.resume(partitions);
    }

    @Override
    public Set<TopicPartition> paused() {
        return fetches.paused();
    }

    @Override
    public Set<TopicPartition> assignment() {
        return fetches.owned();
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.empty();
    }

    @Override
    public void wakeup() {
        woken = true;
    }

    @Override
    public void close(CloseOptions options) {
        if (closed || instance.isDead()) {
            closed = true;
            return;
        }
        world.rest(world.now() + options.timeout().orElse(Duration.ZERO).toNanos(), () -> commitsUnderWay == 0);
        tellAnswers();
        membership.giveUp(listener());
        closed = true;
        if (options.groupMembershipOperation() == GroupMembershipOperation.LEAVE_GROUP) {
            membership.leave();
        }
    }

    private ConsumerRebalanceListener listener() {
        return Objects.requireNonNull(listener, "nobody has subscribed");
    }

    private void wakeUp() {
        if (woken) {
            woken = false;
            throw new WakeupException();
        }
    }

    private void tellAnswers() {
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
    }
}
