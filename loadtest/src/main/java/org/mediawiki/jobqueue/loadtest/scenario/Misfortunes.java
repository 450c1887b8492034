package org.mediawiki.jobqueue.loadtest.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What breaks or is changed, one after the other, and the calms in between. */
final class Misfortunes {

    private static final Duration BETWEEN_CALMS = Duration.ofMinutes(4);

    private final Random random;
    private final RunnerFaults faults;
    private final List<EventSpec> events = new ArrayList<>();
    private final List<Duration> calms = new ArrayList<>();

    /** How many events there were before the last misfortune, which may be two: a kill and a start. */
    private int beforeTheLast;

    private Misfortunes(Random random) {
        this.random = random;
        this.faults = new RunnerFaults(random);
    }

    /**
     * Those that begin between two moments and are over by {@code end}. Where there is time for it, a calm of so long comes
     * every few minutes.
     */
    static Misfortunes between(Duration from, Duration to, Duration end, Duration calm, Random random) {
        Misfortunes misfortunes = new Misfortunes(random);
        misfortunes.draw(from, to, calm);
        misfortunes.leaveOutTheLastIfLongerThan(end);
        return misfortunes;
    }

    /** In order. */
    List<EventSpec> events() {
        return events.stream().sorted(Comparator.comparing(EventSpec::at)).toList();
    }

    /** When each begins, at the earliest when what came before is over. */
    List<Duration> calms() {
        return List.copyOf(calms);
    }

    private void draw(Duration from, Duration to, Duration calm) {
        Duration nextCalm = BETWEEN_CALMS;
        for (Duration at = from; at.compareTo(to) < 0; at = misfortune(at)) {
            if (at.compareTo(nextCalm) >= 0 && at.plus(calm).compareTo(to) < 0) {
                calms.add(at);
                at = at.plus(calm);
                nextCalm = at.plus(BETWEEN_CALMS);
            }
            at = at.plusMillis(1_000 + random.nextInt(4_000));
        }
    }

    private void leaveOutTheLastIfLongerThan(Duration end) {
        List<EventSpec> last = events.subList(beforeTheLast, events.size());
        if (last.stream().anyMatch(event -> event.end().compareTo(end) >= 0)) {
            last.clear();
        }
    }

    /** Adds one that begins at {@code at}, and says when the next may begin. */
    private Duration misfortune(Duration at) {
        beforeTheLast = events.size();
        int instance = random.nextInt(Chaos.INSTANCES);
        Duration brief = Duration.ofMillis(500 + random.nextInt(5_000));
        Duration end = at.plus(brief);
        switch (random.nextInt(28)) {
            case 0 -> {
                add(EventSpec.at(at, new Disturbance.Kill(instance)));
                add(EventSpec.at(end, new Disturbance.Start(instance)));
            }
            case 1 -> {
                // Longer than the drain of whatever runs.
                end = at.plus(ChaosLoad.LONGEST_JOB).plus(brief).plusSeconds(5);
                add(EventSpec.at(at, new Disturbance.Stop(instance)));
                add(EventSpec.at(end, new Disturbance.Start(instance)));
            }
            case 2 -> add(new EventSpec(at, brief, new Disturbance.Freeze(instance)));
            case 3 -> end = add(new EventSpec(at, longerThanASession(), new Disturbance.Freeze(instance)));
            case 4 -> add(new EventSpec(at, brief, new Disturbance.Disconnect(instance)));
            case 5 -> end = add(new EventSpec(at, longerThanASession(), new Disturbance.Disconnect(instance)));
            case 6 -> add(new EventSpec(at, brief, new Disturbance.Broker(1 + random.nextInt(Chaos.BROKERS))));
            case 7 -> add(new EventSpec(at, brief, new Disturbance.Refuse()));
            case 8 -> add(new EventSpec(at, brief, faults.answer("503")));
            case 9 -> add(new EventSpec(at, brief, faults.readOnly(ChaosLoad.type(random.nextInt(ChaosLoad.TYPES)))));
            case 10 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.FullDisk(instance)));
            case 11 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.SlowDisk(instance, moment())));
            case 12 -> end = add(new EventSpec(at, brief.plusSeconds(5), new Disturbance.Clock(instance, jump())));
            case 13 -> add(new EventSpec(at, brief, faults.answer("disconnect")));
            case 14 -> add(new EventSpec(at, brief, faults.slow("1s")));
            case 15 -> {
                // What hangs ends when the runner is started again.
                add(new EventSpec(at, brief, faults.answer("hang")));
                end = add(new EventSpec(end, Duration.ofMillis(500), new Disturbance.Refuse()));
            }
            // It reads its logs before it takes part again.
            case 16, 17 -> end = add(new EventSpec(at, brief, killOfBroker())).plusSeconds(10);
            case 18 -> add(new EventSpec(at, brief, freezeOfBroker()));
            case 19 -> end = add(new EventSpec(at, longerThanASession(), freezeOfBroker()));
            case 20, 21 -> add(new EventSpec(at, brief, faults.failureOfFirstAttempts()));
            case 22 -> add(new EventSpec(at, brief, faults.answerOfAProxy()));
            case 23 -> add(new EventSpec(at, brief, faults.tooManyRequests()));
            // Longer than it may take until it holds everywhere.
            case 24 -> end = add(new EventSpec(at, brief.plusSeconds(10), pause()));
            case 25 -> add(new EventSpec(at, brief, new Disturbance.BadFile(instance)));
            default -> end = add(new EventSpec(at, brief.plusSeconds(10), limit()));
        }
        return end;
    }

    /** Returns when it is over. */
    private Duration add(EventSpec event) {
        events.add(event);
        return event.end();
    }

    private Duration longerThanASession() {
        return Duration.ofMillis(10_000 + random.nextInt(5_000));
    }

    private Duration moment() {
        return Duration.ofMillis(10 + random.nextInt(90));
    }

    private Duration jump() {
        Duration far = Duration.ofMillis(5_000 + random.nextInt(90_000));
        return random.nextBoolean() ? far : far.negated();
    }

    private Disturbance killOfBroker() {
        return new Disturbance.KillBroker(1 + random.nextInt(Chaos.BROKERS));
    }

    private Disturbance freezeOfBroker() {
        return new Disturbance.FreezeBroker(1 + random.nextInt(Chaos.BROKERS));
    }

    private Disturbance pause() {
        return new Disturbance.Pause(ChaosLoad.type(random.nextInt(ChaosLoad.LIMITED_TYPES)));
    }

    private Disturbance limit() {
        return new Disturbance.Limit(ChaosLoad.type(random.nextInt(ChaosLoad.LIMITED_TYPES)), 1 + random.nextInt(3));
    }
}
