package org.mediawiki.jobqueue.changeprop.fleet;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's part in the fleet: heartbeats, what it owns and does, its notes, and the end of those who died. Its timers
 * run on the context that {@link #begin} is called on; everything else may be called on any thread.
 */
public final class Presence implements AutoCloseable {

    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** How often the state is written when it has changed, and how often all the same: in heartbeats. */
    private static final int BEATS_BETWEEN_CHANGES = 2;

    private static final int BEATS_BETWEEN_STATES = 5;

    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final Identity identity;
    private final Fleet fleet;
    private final Bulletin bulletin;
    private final FleetNotes notes;
    private final Sweep sweep;
    private final Time time;
    private CompletableFuture<Void> lastHeartbeat = CompletableFuture.completedFuture(null);
    private @Nullable InstanceState lastState;
    private int beatsSinceState = BEATS_BETWEEN_STATES;

    /** Written by the context, cancelled by whoever closes. */
    private volatile Time.Cancellation timer = Time.Cancellation.NONE;

    /** Written by the context, read by whoever closes. */
    private volatile boolean begun;

    /** Written by whoever closes, read by the context. */
    private volatile boolean closed;

    /** {@code bulletin} makes the bulletin of the fleet's topic, for a listener; closed with this. */
    public Presence(Identity identity, Function<Bulletin.Listener, Bulletin> bulletin, Time time) {
        this.identity = identity;
        this.fleet = new Fleet(identity);
        this.bulletin = bulletin.apply(fleet);
        FleetNotes.Board board = boardOf(this.bulletin);
        this.notes = new FleetNotes(fleet, board);
        this.sweep = new Sweep(fleet, board);
        this.time = time;
    }

    /**
     * Begins to be heard, as {@code introduction} says, and to hear. Once, on the context of its timers.
     *
     * @param state what this instance owns and does now; answered on that context
     */
    public void begin(Instance introduction, Supplier<Future<InstanceState>> state) {
        if (!closed) {
            begun = true;
            bulletin.start();
            beat(FleetJson.bytes(introduction), state);
        }
    }

    /** The view of all instances. */
    public Fleet fleet() {
        return fleet;
    }

    /** What lanes tell others of their jobs. */
    public Notes notes() {
        return notes;
    }

    /** Says that this instance has ended, if Kafka can be written to, and stops. Blocks for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        timer.cancel();
        notes.close();
        // Who has not begun takes nothing back: under its name another may run, which is why it did not begin.
        if (begun) {
            leave();
        }
        bulletin.close();
    }

    private void leave() {
        String name = identity.name();
        var unused = bulletin.write(Fleet.STATE + name, null);
        try {
            // Behind all that was said before: the writer keeps the order.
            bulletin.write(Fleet.INSTANCE + name, null).get(LAST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.info("The others are not told that this instance ends; they notice within ten seconds");
        }
    }

    /** One heartbeat is on its way at a time; while Kafka is down they do not pile up. */
    private void beat(byte[] introduction, Supplier<Future<InstanceState>> state) {
        if (closed) {
            return;
        }
        try {
            if (lastHeartbeat.isDone()) {
                lastHeartbeat = bulletin.write(Fleet.INSTANCE + identity.name(), introduction);
                publishState(state);
                sweep.sweep();
            }
        } finally {
            // Whatever was thrown, and is logged by whoever runs timers: who is heard no more is dead to the others.
            timer = time.after(HEARTBEAT, () -> beat(introduction, state));
        }
    }

    private void publishState(Supplier<Future<InstanceState>> state) {
        beatsSinceState++;
        if (beatsSinceState >= BEATS_BETWEEN_CHANGES) {
            state.get().onSuccess(this::publish);
        }
    }

    private void publish(InstanceState present) {
        boolean isNews = lastState == null || !present.isAs(lastState);
        if (!closed && (isNews || beatsSinceState >= BEATS_BETWEEN_STATES)) {
            beatsSinceState = 0;
            lastState = present;
            var unused = bulletin.write(Fleet.STATE + identity.name(), StateJson.bytes(present));
        }
    }

    private static FleetNotes.Board boardOf(Bulletin bulletin) {
        return new FleetNotes.Board() {
            @Override
            public CompletableFuture<Void> caughtUp() {
                return bulletin.caughtUp();
            }

            @Override
            public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                return bulletin.write(key, value);
            }
        };
    }
}
