package org.mediawiki.jobqueue.runner.lane;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Time;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Scope;
import org.mediawiki.jobqueue.runner.breaker.Waiting;

/**
 * The holds on wikis that are in force in one lane. Those on types belong to their {@link TypeQueue}; those on the
 * target are its breaker's.
 */
final class Holds {

    private final Time time;
    private final Listener listener;

    /** None of them is open. */
    private final Map<String, Gate> wikis = new HashMap<>();

    /** Knows who waits. */
    interface Listener {
        /** Whether a job of {@code wiki} waits that is not paused. */
        boolean waits(String wiki);

        /** Jobs of {@code wiki} may be looked at again. */
        void wikiAdmitted(String wiki);
    }

    Holds(Time time, Listener listener) {
        this.time = time;
        this.listener = listener;
    }

    /** The clock that holds go by. */
    Time time() {
        return time;
    }

    boolean wikiAdmits(String wiki) {
        Gate gate = wikis.get(wiki);
        return gate == null || gate.admits();
    }

    /** How long nothing of {@code wiki} starts, if nothing happens before; zero where it is not held. */
    Duration restOf(String wiki) {
        Gate gate = wikis.get(wiki);
        return gate == null ? Duration.ZERO : gate.rest();
    }

    /** A job passes every gate in its way; the answer says which of them it probes. */
    Probes enter(String wiki, Gate type) {
        Gate wikiGate = wikis.get(wiki);
        return new Probes(type.enter(), wikiGate == null ? null : wikiGate.enter());
    }

    /**
     * A job's verdict is in.
     *
     * @param hold what the verdict holds; null where it holds nothing
     * @param probes what {@link #enter} said when it started
     */
    void settle(@Nullable Hold hold, Probes probes, String wiki, Gate type) {
        if (hold != null) {
            close(hold, wiki, type);
        }
        probes.told(hold == null ? null : hold.scope());
    }

    /** How many wikis are held, a probe under way included. */
    int heldWikis() {
        return wikis.size();
    }

    void dispose() {
        wikis.values().forEach(Gate::dispose);
    }

    private void close(Hold hold, String wiki, Gate type) {
        switch (hold.scope()) {
            case TYPE -> type.close(hold.time(), hold.reason());
            case WIKI -> wikis.computeIfAbsent(wiki, this::gateOf).close(hold.time(), hold.reason());
            case TARGET -> {
                // The target's breaker is told by itself.
            }
            case JOB -> {
                // Nobody else is held; how often it may be tried is for the breakers to say.
            }
        }
    }

    private Gate gateOf(String wiki) {
        return new Gate("wiki", wiki, time, new Waiting() {
            @Override
            public boolean isAnybodyThere() {
                return listener.waits(wiki);
            }

            @Override
            public void lookAgain() {
                forgetIfOpen(wiki);
                listener.wikiAdmitted(wiki);
            }
        });
    }

    /** Names come from outside. */
    private void forgetIfOpen(String wiki) {
        wikis.computeIfPresent(wiki, (ignored, gate) -> gate.isOpen() ? null : gate);
    }

    /** What a running job probes; null where it does not. */
    record Probes(Gate.@Nullable Probe type, Gate.@Nullable Probe wiki) {

        /** The verdict was a hold of {@code held}, or none; what it does not concern must be probed again. */
        void told(@Nullable Scope held) {
            tell(type, Scope.TYPE, held);
            tell(wiki, Scope.WIKI, held);
        }

        private static void tell(Gate.@Nullable Probe probe, Scope own, @Nullable Scope held) {
            if (probe == null || own == held) {
                return;
            }
            if (held == null) {
                probe.passed();
            } else {
                probe.toldNothing();
            }
        }
    }
}
