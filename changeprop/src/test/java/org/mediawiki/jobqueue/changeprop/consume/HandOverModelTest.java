package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Random lives of two to four instances, each a real {@link PollLoop} with all that it is made of, against a model of the
 * group's coordinator, of the topics, of the fleet's topic and of the lanes, in simulated time; the seed is the parameter.
 * What the seed draws befalls them: rounds, starts, stops, {@code kill -9}, standstills, cut networks, brokers that are slow,
 * away or refuse, notes that cannot be written or read, lanes that are late, consumers that are replaced; see
 * {@link Misfortune}. One seed again, with all that happens told:
 *
 * <pre>
 *   mvn -B verify -pl changeprop -am -Dtest=HandOverModelTest -Djobqueue.handover.seed=N -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>Asked of each, as docs/reliability.md promises it; {@link Journal} judges each start and each commit when it comes:
 *
 * <ol>
 *   <li><b>Nothing is lost.</b> A commit says nothing of a record that has not ended, by its offset or by its metadata; in
 *       the end everything is committed and no note is left. Nothing is excused.
 *   <li><b>What has ended does not start again.</b> Excused is what its instance could say in no way: what ended less than
 *       100 ms before it was killed, thrown out of the group, or ended itself after a drain, and what ended later; only
 *       the time counts in which a commit would have been taken, or, while a round is under way, a note. Where commits are
 *       slow or in vain it is 400 ms in which a note could be written: after 250 ms without an answer the end is told by
 *       one. And what went to another while neither commit nor note could be had for the time that a hand-over waits.
 *   <li><b>Nothing runs twice at once.</b> Excused is what was in flight at an instance that was killed or thrown out, or
 *       had handed its partition over and was silent for ten heartbeats, or had to leave it without a note and has named
 *       it, as it may where it was thrown out, or stops, or no note could be had. Of what came to nothing there, what is
 *       tried again may come twice as well. Never excused: twice in one process.
 *   <li><b>Nobody starts what may be another's.</b> The group has heard the instance in the last three quarters of a
 *       session, whatever it thinks itself. Excused is who was cut off in the middle of a round, for as long as a lease is
 *       kept then (docs/reliability.md, not promised); nothing is asked of what it runs in that time. To write something to
 *       the scheduled topic is to start it.
 *   <li><b>No loop ends but by a stop,</b> and each has closed its books by then: nothing is open that was polled.
 * </ol>
 */
@Timeout(600)
class HandOverModelTest {

    private static final int USUAL = 250;
    private static final int SOAK = 20_000;

    /** Instances tell the log of everything that befalls them; of thousands of histories nobody reads it. */
    private static final TurboFilter QUIET = new TurboFilter() {
        @Override
        public FilterReply decide(
                Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable thrown) {
            return Thread.currentThread() instanceof Simulation.Quiet ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    };

    @BeforeAll
    static void nobodyReadsTheLog() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(QUIET);
    }

    @AfterAll
    static void everybodyReadsTheLogAgain() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList().remove(QUIET);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverBefallsInstancesNothingIsLostAndNothingRunsTwiceWithoutCause(long seed) {
        if (!History.of(seed, false).failures().isEmpty()) {
            fail(History.of(seed, true).toString());
        }
    }

    @Test
    void theSameSeedBringsTheSameHistory() {
        History.Outcome first = History.of(1, true);

        assertThat(History.of(1, true)).isEqualTo(first);
        assertThat(History.of(2, true).lines()).isNotEqualTo(first.lines());
    }

    /** Otherwise it would be for nothing that nothing is found. */
    @Test
    void theRulesArePutToTheTest() {
        Set<Misfortune.Kind> drawn = EnumSet.noneOf(Misfortune.Kind.class);
        int excused = 0;
        for (long seed = 0; seed < 40; seed++) {
            History.Outcome outcome = History.of(seed, false);
            outcome.misfortunes().forEach(misfortune -> drawn.add(misfortune.kind()));
            excused += outcome.excused();
        }
        assertThat(drawn).containsExactlyInAnyOrder(Misfortune.Kind.values());
        assertThat(excused).as("starts that repeat others with cause").isPositive();
    }

    static LongStream seeds() {
        Long one = Long.getLong("jobqueue.handover.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.range(0, Boolean.getBoolean("jobqueue.soak") ? SOAK : USUAL);
    }
}
