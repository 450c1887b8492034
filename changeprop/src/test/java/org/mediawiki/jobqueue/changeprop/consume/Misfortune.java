package org.mediawiki.jobqueue.changeprop.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Something that goes wrong, or is done, at a moment of a history.
 *
 * @param victim which of those that are there it befalls, counted round
 * @param lengthNanos how long it lasts; or until what was killed or stopped starts again
 * @param again whether that starts again at all
 */
record Misfortune(Kind kind, long atNanos, int victim, long lengthNanos, boolean again) {

    private static final long FIRST_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long LAST_NANOS = Duration.ofSeconds(18).toNanos();
    private static final long SOON_NANOS = Duration.ofMillis(400).toNanos();

    enum Kind {
        /** The group is dealt anew. */
        REBALANCE(15),
        /** An instance is added. */
        JOIN(15),
        /** An instance is stopped, and started again or not. */
        LEAVE(15),
        /** Likewise, by force. */
        KILL(6),
        /** A process stands still for up to two and a half sessions. */
        FREEZE(15),
        /** The brokers are out of its reach; the runners are not. */
        CUT(15),
        /** Commits are taken and answered late. */
        SLOW(6),
        /** The group's coordinator answers nobody: each commit comes to nothing. */
        AWAY(5),
        /** No note can be written or read; for less than the ten seconds after which nobody waits for them. */
        NO_NOTES(8),
        /** One instance alone reads no notes. */
        DEAF(8),
        /** One instance alone can write none. */
        DUMB(8),
        /** Commits of one partition come to nothing, and others with it: its topic is gone. */
        REFUSAL(8),
        /** A lane's thread is late, the instance's others are not. */
        LATE_LANE(5),
        /** A consumer is replaced. */
        RENEW(15);

        private final long mostSeconds;

        Kind(long mostSeconds) {
            this.mostSeconds = mostSeconds;
        }
    }

    /** What makes partitions go. */
    private static final List<Kind> MOVES =
            List.of(Kind.REBALANCE, Kind.JOIN, Kind.LEAVE, Kind.KILL, Kind.FREEZE, Kind.CUT, Kind.RENEW);

    /** What keeps from being said what has to be said then. */
    private static final List<Kind> TROUBLES = List.of(
            Kind.FREEZE, Kind.SLOW, Kind.AWAY, Kind.NO_NOTES, Kind.DEAF, Kind.DUMB, Kind.REFUSAL, Kind.LATE_LANE);

    /** Up to seven, alone or in storms: one or two troubles, and in the middle of them partitions go. */
    static List<Misfortune> draw(Random random) {
        List<Misfortune> drawn = new ArrayList<>();
        for (int number = 1 + random.nextInt(3); number > 0; number--) {
            long at = FIRST_NANOS + (long) (random.nextDouble() * (LAST_NANOS - FIRST_NANOS));
            int victim = random.nextInt(4);
            if (random.nextInt(4) == 0) {
                drawn.addAll(heldUpRound(random, at, victim));
                continue;
            }
            for (int troubles = random.nextInt(3); troubles > 0; troubles--) {
                drawn.add(draw(random, TROUBLES, at, victim));
                at += (long) (random.nextDouble() * SOON_NANOS);
            }
            drawn.add(draw(random, MOVES, at, random.nextBoolean() ? victim : random.nextInt(4)));
            if (random.nextInt(3) == 0) {
                at += (long) (random.nextDouble() * 5 * SOON_NANOS);
                drawn.add(draw(random, MOVES, at, victim));
            }
        }
        return drawn;
    }

    /** A round waits for somebody who stands still, and somebody else is killed in it: no commit is taken all the while. */
    private static List<Misfortune> heldUpRound(Random random, long at, int victim) {
        long later = at + (long) ((0.5 + random.nextDouble() * 3) * 1e9);
        return List.of(
                new Misfortune(Kind.FREEZE, at, victim + 1, (long) (5e9 * random.nextDouble()) + (later - at), false),
                new Misfortune(Kind.REBALANCE, at + 1_000_000, victim, 0, false),
                new Misfortune(Kind.KILL, later, victim, (long) (3e9 * random.nextDouble()), true));
    }

    private static Misfortune draw(Random random, List<Kind> kinds, long at, int victim) {
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        long length =
                Math.min(length(random), Duration.ofSeconds(kind.mostSeconds).toNanos());
        return new Misfortune(kind, at, victim, length, random.nextInt(3) > 0);
    }

    long endNanos() {
        return atNanos + lengthNanos;
    }

    private static long length(Random random) {
        int dice = random.nextInt(10);
        int millis = dice < 5
                ? 20 + random.nextInt(1_500)
                : dice < 8 ? 1_500 + random.nextInt(5_000) : 6_500 + random.nextInt(8_500);
        return Duration.ofMillis(millis).toNanos();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3f %s of %d for %.3f s%s",
                atNanos / 1e9,
                kind,
                victim,
                lengthNanos / 1e9,
                again ? ", and again" : "");
    }
}
