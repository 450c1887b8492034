package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The group's coordinator: members with sessions, cooperative rebalances in rounds, committed offsets. As Kafka's classic
 * protocol has it: a round waits until everybody has joined, however long, and drops whoever is silent for a session; a
 * partition is given to nobody in the round in which its owner loses it; a commit is taken from members of the present
 * generation alone, also while a round is being prepared, and counts as a sign of life.
 */
final class ModelGroup {

    static final long SESSION_NANOS = Duration.ofSeconds(6).toNanos();

    private final Simulation world;
    private final Journal journal;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Map<String, Seated> seats = new TreeMap<>();
    private final Shares shares;

    /** Members that are gone, and how long they had been heard. */
    private final Map<Integer, Long> gone = new HashMap<>();

    private final List<Runnable> waiting = new ArrayList<>();
    private int members;
    private int generation;
    private boolean preparing;
    private boolean away;
    private @Nullable TopicPartition refused;

    /** What becomes of a commit or a heartbeat. */
    enum Answer {
        TAKEN,
        TAKEN_JOIN_ANEW,
        NO_MEMBER
    }

    /** What a member is given in a round. */
    record Share(int generation, Set<TopicPartition> partitions) {}

    /** What a member says when it joins. */
    record Request(ModelInstance who, int member, int generation, Set<TopicPartition> owned) {

        String name() {
            return who.name();
        }
    }

    private static final class Seated {
        private final int member;
        private Request request;
        private Consumer<Optional<Share>> answer;
        private boolean joined;
        private long heardNanos;

        Seated(Request request, Consumer<Optional<Share>> answer) {
            this.member = request.member();
            this.request = request;
            this.answer = answer;
        }
    }

    ModelGroup(Simulation world, Journal journal, Collection<TopicPartition> partitions) {
        this.world = world;
        this.journal = journal;
        this.shares = new Shares(world, partitions);
    }

    /** A number that nobody had before. */
    int nextMember() {
        return ++members;
    }

    /** {@code answer} is given the share when the round is over; empty: no member of this number is known any more. */
    void join(Request request, Consumer<Optional<Share>> answer) {
        unlessAway(() -> {
            Seated seated = seats.get(request.name());
            if (gone.containsKey(request.member())) {
                answer.accept(Optional.empty());
                return;
            }
            if (seated == null || seated.member != request.member()) {
                replace(request.name());
                seated = new Seated(request, answer);
                seats.put(request.name(), seated);
                seated.heardNanos = world.now();
                watch(request.name(), seated);
            }
            seated.request = request;
            seated.answer = answer;
            seated.joined = true;
            seated.heardNanos = world.now();
            if (!preparing) {
                prepare(request.name() + " joins");
                seated.joined = true;
            }
            completeIfAll();
        });
    }

    void heartbeat(String name, int member, Consumer<Answer> answer) {
        unlessAway(() -> answer.accept(heard(name, member)));
    }

    /** Empty where the coordinator is away, or something of a topic that is gone is among it. */
    Optional<Answer> commit(String name, int member, int ofGeneration, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (away || offsets.containsKey(refused)) {
            return Optional.empty();
        }
        Seated seated = seats.get(name);
        if (seated == null || seated.member != member || ofGeneration != generation) {
            return Optional.of(Answer.NO_MEMBER);
        }
        seated.heardNanos = world.now();
        offsets.forEach(journal::committed);
        committed.putAll(offsets);
        return Optional.of(Answer.TAKEN);
    }

    /** What is committed; anybody may ask, but a member that waits in a round is answered when that is over. */
    void committed(
            String name, Collection<TopicPartition> of, Consumer<Map<TopicPartition, OffsetAndMetadata>> answer) {
        Seated seated = seats.get(name);
        if (away || (seated != null && waitsInRound(seated))) {
            waiting.add(() -> committed(name, of, answer));
        } else {
            Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(committed);
            found.keySet().retainAll(of);
            answer.accept(found);
        }
    }

    void leave(String name, int member) {
        unlessAway(() -> {
            Seated seated = seats.get(name);
            if (seated != null && seated.member == member) {
                replace(name);
                prepare(name + " leaves");
                completeIfAll();
            }
        });
    }

    /** The group is dealt anew, and a partition may move though it need not. */
    void shuffle() {
        shares.shuffle();
        prepare("a shuffle");
    }

    /** Nobody is answered until it is back; then everybody's session begins anew. */
    void goAway(boolean isAway) {
        away = isAway;
        if (!away) {
            seats.values().forEach(seated -> seated.heardNanos = world.now());
            runWaiting();
        }
    }

    /** Commits with this one among them come to nothing; null: all are taken. */
    void refuse(@Nullable TopicPartition partition) {
        refused = partition;
    }

    /** When it heard of a member last: now, where that waits in a round. */
    long heardNanos(String name, int member) {
        Seated seated = seats.get(name);
        if (seated == null || seated.member != member) {
            return gone.getOrDefault(member, 0L);
        }
        return waitsInRound(seated) ? world.now() : seated.heardNanos;
    }

    long committed(TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }

    private Answer heard(String name, int member) {
        Seated seated = seats.get(name);
        if (seated == null || seated.member != member) {
            return Answer.NO_MEMBER;
        }
        seated.heardNanos = world.now();
        return preparing && !seated.joined ? Answer.TAKEN_JOIN_ANEW : Answer.TAKEN;
    }

    private void watch(String name, Seated seated) {
        boolean waits = away || waitsInRound(seated);
        long ends = (waits ? world.now() : seated.heardNanos) + SESSION_NANOS;
        world.at(ends, () -> {
            if (seats.get(name) != seated) {
                return;
            }
            boolean mayEnd = !away && !waitsInRound(seated);
            if (mayEnd && world.now() - seated.heardNanos >= SESSION_NANOS) {
                journal.expelled(seated.request.who());
                replace(name);
                prepare(name + " is silent");
                completeIfAll();
            } else {
                watch(name, seated);
            }
        });
    }

    private boolean waitsInRound(Seated seated) {
        return preparing && seated.joined;
    }

    private void replace(String name) {
        Seated before = seats.remove(name);
        if (before != null) {
            gone.put(before.member, before.heardNanos);
        }
    }

    private void prepare(String why) {
        if (!preparing) {
            journal.note(() -> "the group prepares a round: " + why);
            preparing = true;
            seats.values().forEach(seated -> seated.joined = false);
        }
    }

    private void completeIfAll() {
        if (!preparing || !seats.values().stream().allMatch(seated -> seated.joined)) {
            return;
        }
        generation++;
        preparing = false;
        Map<String, Set<TopicPartition>> claims = new TreeMap<>();
        seats.forEach((name, seated) -> claims.put(
                name,
                seated.request.generation() == generation - 1
                        ? new HashSet<>(seated.request.owned())
                        : new HashSet<>()));
        Map<String, Set<TopicPartition>> dealt = shares.deal(claims);
        journal.note(() -> "round " + generation + ": " + dealt);
        List.copyOf(seats.entrySet()).forEach(seat -> {
            seat.getValue().heardNanos = world.now();
            seat.getValue()
                    .answer
                    .accept(Optional.of(new Share(generation, dealt.getOrDefault(seat.getKey(), Set.of()))));
        });
        runWaiting();
    }

    private void unlessAway(Runnable action) {
        if (away) {
            waiting.add(action);
        } else {
            action.run();
        }
    }

    private void runWaiting() {
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
    }
}
