package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.fleet.ModelBoard;

/** An instance's connections and the way to its lane's thread, and what keeps them from carrying anything. */
final class Ways {

    private static final long WAY_NANOS = Duration.ofMillis(5).toNanos();
    private static final long HOP_NANOS = Duration.ofMillis(1).toNanos();

    private final Simulation world;
    private final String name;
    private final Link toGroup;
    private final Link fromGroup;
    private final Link toOutbox;
    private final Link fromOutbox;
    private final Link toWrite;
    private final Link written;
    private final Link toRead;
    private final Link read;
    private final Link toLane;
    private final Link fromRunner;
    private boolean frozen;
    private boolean cutOff;
    private boolean laneAsleep;
    private boolean deaf;
    private boolean dumb;

    Ways(Simulation world, String name, Moods moods) {
        this.world = world;
        this.name = name;
        this.toGroup = link("to the group", () -> !cutOff, WAY_NANOS);
        this.fromGroup = link("from the group", () -> !isSilent(), WAY_NANOS);
        this.toOutbox = link("to the outbox", () -> !cutOff, WAY_NANOS);
        this.fromOutbox = link("from the outbox", () -> !isSilent() && !laneAsleep, WAY_NANOS);
        this.toWrite = link("to write", () -> !cutOff && !dumb && !moods.isBoardGone(), WAY_NANOS);
        this.written = link("written", () -> !isSilent() && !moods.isBoardGone(), WAY_NANOS);
        this.toRead = link("to read", () -> !cutOff && !moods.isBoardGone(), WAY_NANOS);
        this.read = link("read", () -> !isSilent() && !deaf && !moods.isBoardGone(), WAY_NANOS);
        this.toLane = link("to the lane", () -> !frozen && !laneAsleep, HOP_NANOS);
        this.fromRunner = link("from the runner", () -> !frozen && !laneAsleep, HOP_NANOS);
    }

    void freeze(boolean isFrozen) {
        frozen = isFrozen;
    }

    void cutOff(boolean isCutOff) {
        cutOff = isCutOff;
    }

    /** The lane's thread does nothing; the others do. */
    void sleep(boolean isAsleep) {
        laneAsleep = isAsleep;
    }

    /** It hears nothing of the fleet's topic, and nothing else is wrong. */
    void deafen(boolean isDeaf) {
        deaf = isDeaf;
    }

    /** What it writes to the fleet's topic does not arrive, and nothing else is wrong. */
    void silence(boolean isDumb) {
        dumb = isDumb;
    }

    /** What may go on after a change goes on. */
    void goOn() {
        all().forEach(Link::goOn);
    }

    /** Its process is gone; what it has sent is not. */
    void end() {
        all().forEach(Link::cut);
        Stream.of(fromGroup, fromOutbox, written, read, toLane, fromRunner).forEach(Link::drop);
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /** Nobody hears it. */
    boolean isSilent() {
        return frozen || cutOff;
    }

    boolean isLaneAsleep() {
        return laneAsleep;
    }

    boolean isDeaf() {
        return deaf;
    }

    boolean isDumb() {
        return dumb;
    }

    Link toGroup() {
        return toGroup;
    }

    Link fromGroup() {
        return fromGroup;
    }

    Link toOutbox() {
        return toOutbox;
    }

    Link fromOutbox() {
        return fromOutbox;
    }

    Link toLane() {
        return toLane;
    }

    Link fromRunner() {
        return fromRunner;
    }

    ModelBoard.Ways ofBoard() {
        return new ModelBoard.Ways(toWrite::send, written::send, toRead::send, read::send);
    }

    private Link link(String way, BooleanSupplier open, long mostNanos) {
        return new Link(world, name + " " + way, open, mostNanos);
    }

    private Stream<Link> all() {
        return Stream.of(toGroup, fromGroup, toOutbox, fromOutbox, toWrite, written, toRead, read, toLane, fromRunner);
    }
}
