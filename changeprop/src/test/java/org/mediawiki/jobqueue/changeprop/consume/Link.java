package org.mediawiki.jobqueue.changeprop.consume;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/** One direction of one connection: what is sent arrives later and in order, and not while it is not open. */
final class Link {

    private final Simulation world;
    private final String name;
    private final BooleanSupplier open;
    private final long mostNanos;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private long lastArrival;
    private boolean cut;
    private boolean dropped;

    /** What is sent takes {@code mostNanos} at the most, as long as the connection is {@code open}. */
    Link(Simulation world, String name, BooleanSupplier open, long mostNanos) {
        this.world = world;
        this.name = name;
        this.open = open;
        this.mostNanos = mostNanos;
    }

    /** {@code arrival} happens when it arrives. */
    void send(Runnable arrival) {
        send(0, arrival);
    }

    /** The same, {@code moreNanos} later. */
    void send(long moreNanos, Runnable arrival) {
        if (cut) {
            return;
        }
        if (held.isEmpty() && open.getAsBoolean()) {
            lastArrival = Math.max(lastArrival, world.now() + moreNanos + world.noise(name, mostNanos));
            world.at(lastArrival, () -> arrive(arrival));
        } else {
            held.add(arrival);
        }
    }

    /** It may be open again: what was held is on its way. */
    void goOn() {
        if (open.getAsBoolean()) {
            Deque<Runnable> waiting = new ArrayDeque<>(held);
            held.clear();
            waiting.forEach(this::send);
        }
    }

    /** Nothing is sent any more; what is on its way arrives. */
    void cut() {
        cut = true;
        held.clear();
    }

    /** Nobody is there any more to whom anything could arrive. */
    void drop() {
        cut();
        dropped = true;
    }

    private void arrive(Runnable arrival) {
        if (dropped) {
            return;
        }
        if (held.isEmpty() && open.getAsBoolean()) {
            arrival.run();
        } else {
            held.add(arrival);
        }
    }
}
