package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.consume.ModelGroup.Answer;
import org.mediawiki.jobqueue.changeprop.consume.ModelGroup.Request;
import org.mediawiki.jobqueue.changeprop.consume.ModelGroup.Share;

/** A consumer's membership in its group: heartbeats by themselves, everything else within its polls. */
final class ModelMembership {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    /** After which a lease ends although a round goes on. */
    private static final long LONGEST_REBALANCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final ModelInstance instance;
    private final Fetches fetches;
    private final BooleanSupplier open;
    private Card card;
    private State state = State.OUT;
    private boolean wantsToJoin = true;
    private boolean heartbeatUnderWay;
    private @Nullable Share dealt;
    private long joinedNanos;
    private long mayStartUntil;

    private enum State {
        OUT,
        JOINING,
        IN
    }

    /** Who one is in the group. */
    record Card(int member, int generation) {}

    /** Gives and takes what is {@code fetches}' to read; has heartbeats as long as it is {@code open}. */
    ModelMembership(ModelInstance instance, Fetches fetches, BooleanSupplier open) {
        this.instance = instance;
        this.fetches = fetches;
        this.open = open;
        this.card = new Card(instance.group().nextMember(), 0);
        beat();
    }

    Card card() {
        return card;
    }

    boolean isJoining() {
        return state == State.JOINING;
    }

    boolean isMember() {
        return state == State.IN;
    }

    /** A commit was refused since a round is under way: a lease that is held is kept, for so long. */
    void refused() {
        long now = instance.world().now();
        if (now <= mayStartUntil && now - joinedNanos <= LONGEST_REBALANCE_NANOS) {
            mayStartUntil = now + Journal.LEASE_NANOS;
        }
    }

    /** A commit that was sent then was accepted. */
    void accepted(long sentNanos) {
        mayStartUntil = Math.max(mayStartUntil, sentNanos + Journal.LEASE_NANOS);
    }

    /** Until when whoever asks nobody but this client may think that nobody else has its partitions. */
    long mayStartUntilNanos() {
        return mayStartUntil;
    }

    boolean hasNews() {
        return dealt != null || (state != State.JOINING && wantsToJoin);
    }

    /** Takes what was dealt, and joins the next round, if there is one. Callbacks may rest. */
    void keepUp(ConsumerRebalanceListener listener) {
        if (dealt != null) {
            Share share = dealt;
            dealt = null;
            take(share, listener);
        }
        if (wantsToJoin && state != State.JOINING) {
            Set<TopicPartition> owned = fetches.owned();
            if (state == State.OUT && !owned.isEmpty()) {
                instance.journal().note(() -> instance + " hears that it has lost " + owned);
                listener.onPartitionsLost(owned);
                fetches.remove(owned);
            }
            join();
        }
    }

    /** What the group said to {@code whom} says that it knows nobody of that name. */
    void isNone(Card whom) {
        if (whom.member() == card.member()) {
            instance.journal().note(() -> instance + " hears that it is no member");
            card = new Card(instance.group().nextMember(), 0);
            is(State.OUT);
            dealt = null;
            wantsToJoin = true;
            instance.isAtWork();
        }
    }

    /** Before it closes. */
    void giveUp(ConsumerRebalanceListener listener) {
        Set<TopicPartition> all = fetches.owned();
        if (!all.isEmpty() && state == State.OUT) {
            listener.onPartitionsLost(all);
        } else if (!all.isEmpty()) {
            listener.onPartitionsRevoked(all);
            instance.handedOver(all);
        }
        fetches.remove(all);
    }

    void leave() {
        int member = card.member();
        instance.ways().toGroup().send(() -> instance.group().leave(instance.name(), member));
    }

    private void take(Share share, ConsumerRebalanceListener listener) {
        instance.isAtWork();
        is(State.IN);
        card = new Card(card.member(), share.generation());
        Set<TopicPartition> revoked = fetches.owned();
        revoked.removeAll(share.partitions());
        if (!revoked.isEmpty()) {
            instance.journal().note(() -> instance + " is to give up " + revoked);
            listener.onPartitionsRevoked(revoked);
            instance.handedOver(revoked);
            wantsToJoin = true;
        }
        Set<TopicPartition> added = new TreeSet<>(Shares.ORDER);
        added.addAll(share.partitions());
        added.removeAll(fetches.owned());
        fetches.remove(revoked);
        fetches.add(added);
        listener.onPartitionsAssigned(added);
    }

    private void join() {
        wantsToJoin = false;
        is(State.JOINING);
        joinedNanos = instance.world().now();
        Card mine = card;
        Request request = new Request(instance, mine.member(), mine.generation(), fetches.owned());
        instance.ways()
                .toGroup()
                .send(() -> instance.group()
                        .join(request, share -> instance.ways().fromGroup().send(() -> answered(mine, share))));
    }

    private void answered(Card mine, Optional<Share> share) {
        if (card.member() != mine.member()) {
            return;
        }
        if (share.isEmpty()) {
            isNone(mine);
        } else {
            dealt = share.get();
            instance.isAtWork();
        }
    }

    private void beat() {
        instance.world().after(HEARTBEAT, () -> {
            if (instance.isDead() || !open.getAsBoolean()) {
                return;
            }
            if (state == State.IN && !heartbeatUnderWay && !instance.ways().isFrozen() && dealt == null) {
                heartbeatUnderWay = true;
                Card mine = card;
                instance.ways()
                        .toGroup()
                        .send(() -> instance.group()
                                .heartbeat(
                                        instance.name(),
                                        mine.member(),
                                        answer -> instance.ways().fromGroup().send(() -> heard(mine, answer))));
            }
            beat();
        });
    }

    private void heard(Card mine, Answer answer) {
        heartbeatUnderWay = false;
        if (answer == Answer.NO_MEMBER) {
            isNone(mine);
        } else if (answer == Answer.TAKEN_JOIN_ANEW && state == State.IN) {
            wantsToJoin = true;
            instance.isAtWork();
        }
    }

    private void is(State next) {
        state = next;
        instance.health().look();
    }
}
