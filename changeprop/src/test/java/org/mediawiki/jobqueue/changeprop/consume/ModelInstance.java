package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.fleet.ModelBoard;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** One process: a real loop on a thread of its own, a lane beside it, and connections that misfortunes befall. */
final class ModelInstance {

    static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    /** From something that happens to the end of what may come of it soon: polls are as short as the loop wants them. */
    private static final long BUSY_NANOS = Duration.ofMillis(150).toNanos();

    /** As long as the loop polls while it has something open. */
    private static final long TURN_NANOS = Duration.ofMillis(40).toNanos();

    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");

    private final String name;
    private final String shownAs;
    private final SimulatedWorld around;
    private final Ways ways;
    private final ModelBoard.Desk desk;
    private final Lease lease;
    private final ModelLane lane;
    private final Tally tally = new Tally();
    private final Health health;
    private ModelConsumer consumer;
    private final PollLoop loop;
    private final Simulation.Party party;
    private boolean stopping;
    private boolean dead;
    private long busyFrom;
    private long busyUntil;

    /** {@code incarnation} is of this run of it; {@code most} jobs run at once. */
    ModelInstance(String name, int incarnation, int most, SimulatedWorld around) {
        this.name = name;
        this.shownAs = name + "/" + incarnation;
        this.around = around;
        this.ways = new Ways(around.world(), name, around.moods());
        this.lease = new Lease(around.world(), Duration.ofNanos(ModelGroup.SESSION_NANOS));
        this.lane = new ModelLane(this, most);
        this.desk = around.board().join(name, "" + incarnation, ways.ofBoard());
        this.consumer = new ModelConsumer(this);
        this.health = new Health(around.world(), this::canCommit, this::canWrite, ways::isSilent);
        ModelConsumer first = consumer;
        boolean[] isFirst = {true};
        this.loop = new PollLoop(
                new PollLoop.Parts(
                        () -> {
                            ModelConsumer made = isFirst[0] ? first : new ModelConsumer(this);
                            isFirst[0] = false;
                            return made;
                        },
                        new PollSizeGuard(),
                        TOPICS,
                        (own, taken, commit) -> Set.of(),
                        new PollLoop.Settings(TOPICS.allBut(Set.of()).pattern(), new FlowControl(8, 1 << 20), Set.of()),
                        new Strays(around.world()),
                        desk.notes(),
                        lease,
                        DRAIN_TIMEOUT),
                lane,
                tally,
                around.world());
        beat();
        this.party = around.world().begin(shownAs, this::run);
    }

    /** Or what ends is told at once, as a round is under way. */
    private boolean canCommit() {
        boolean areBrokersWell =
                !consumer.waitsForSlowBrokers() && !around.moods().areBrokersMoody();
        boolean isTaken = consumer.membership().isMember() && areBrokersWell;
        boolean isTold = consumer.membership().isJoining() && canWrite();
        return !ways.isSilent() && (isTaken || isTold);
    }

    private boolean canWrite() {
        return !ways.isSilent() && !ways.isDumb() && !around.moods().isBoardGone();
    }

    private void run() {
        try {
            loop.run();
        } catch (RuntimeException | AssertionError e) {
            if (!dead) {
                world().fail("the loop of " + this + " ends by " + e + " at " + List.of(e.getStackTrace()));
            }
        }
        if (tally.open() != 0) {
            world().fail(this + " ends, and says that " + tally.open() + " are open");
        }
        var unused = desk.end().whenComplete((ok, failure) -> ends());
        world().after(LAST_WORD, this::ends);
    }

    private void beat() {
        if (!dead && !ways.isFrozen()) {
            desk.beat();
        }
        if (!dead) {
            world().after(HEARTBEAT, this::beat);
        }
    }

    private void ends() {
        if (!dead) {
            isGone("has ended");
        }
    }

    private void isGone(String how) {
        journal().gone(this, how);
        dead = true;
        ways.end();
        desk.leave();
    }

    void kill() {
        isGone("is killed");
        party.kill();
    }

    void stop() {
        journal().note(() -> this + " is to stop");
        stopping = true;
        loop.stop();
    }

    /** Its consumer is replaced, as where the clock was put back. */
    void renew() {
        loop.renew();
    }

    /** It takes its place in the group from here on. */
    void isServedBy(ModelConsumer another) {
        consumer = another;
    }

    void freeze(boolean isFrozen) {
        party.freeze(isFrozen);
        suffer("stands still", isFrozen, ways::freeze);
    }

    void cutOff(boolean isCutOff) {
        if (isCutOff) {
            consumer.isCutOff();
        }
        suffer("is cut off", isCutOff, ways::cutOff);
    }

    /** Something of its ways is as it should not be, or is again as it should be. */
    void suffer(String what, boolean is, Consumer<Boolean> change) {
        journal().note(() -> this + (is ? " " : " no more ") + what);
        change.accept(is);
        isAffected();
    }

    /** What is around it may be as it was not. */
    void isAffected() {
        health.look();
        ways.goOn();
    }

    /** Something happens of which its loop may have to make something. */
    void isAtWork() {
        long now = world().now();
        if (now > busyUntil) {
            busyFrom = now + world().noise("turn of " + name, TURN_NANOS);
            world().wakeAt(busyFrom);
        }
        busyUntil = Math.max(now, busyFrom) + BUSY_NANOS;
    }

    boolean isBusy() {
        return world().now() >= busyFrom && world().now() <= busyUntil;
    }

    /** What runs of these is waited for no longer, and told to operators. */
    void leftRunning(Set<TopicPartition> partitions) {
        boolean mayBe = !consumer.membership().isMember() || stopping || couldNotWrite();
        if (!mayBe) {
            world().fail(this + " leaves what runs of " + partitions + " without need");
        }
        journal().leftRunning(this, partitions);
    }

    /** These were given up, with a commit or a note for what had ended; or with neither, where there is no way. */
    void handedOver(Set<TopicPartition> partitions) {
        if (couldNotWrite()) {
            journal().unheard(this, partitions);
        }
    }

    /** For the five seconds, give or take, that a hand-over waits for. */
    private boolean couldNotWrite() {
        return health.couldNotWriteFor(Duration.ofSeconds(4).toNanos());
    }

    String name() {
        return name;
    }

    Simulation world() {
        return around.world();
    }

    Journal journal() {
        return around.journal();
    }

    ModelGroup group() {
        return around.group();
    }

    ModelLog log() {
        return around.log();
    }

    Health health() {
        return health;
    }

    Lease lease() {
        return lease;
    }

    Ways ways() {
        return ways;
    }

    /** How much later than usual brokers take what is sent now, and answer. */
    long brokersMood() {
        return around.moods().slowness(name);
    }

    long heardNanos() {
        return group().heardNanos(name, consumer.membership().card().member());
    }

    /** Until when it may think that it has a lease, though the group has not heard it. */
    long mayStartUntilNanos() {
        return consumer.membership().mayStartUntilNanos();
    }

    /** Whether it is its to commit what ends of it. */
    boolean owns(TopicPartition partition) {
        return consumer.assignment().contains(partition);
    }

    boolean isDead() {
        return dead;
    }

    boolean isStopping() {
        return stopping;
    }

    @Override
    public String toString() {
        return shownAs;
    }
}
