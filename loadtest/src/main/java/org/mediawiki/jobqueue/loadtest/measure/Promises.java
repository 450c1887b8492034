package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.Expectations;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/** What was promised of a trial, each beside what was seen of it: a method for each promise. Pure. */
final class Promises {

    private static final double MEBIBYTE = 1 << 20;

    private final Scenario scenario;
    private final Expectations expect;
    private final Seen seen;
    private final Fates fates;
    private final Figures figures;

    /** What was made of what was seen: promises are about these too. {@code latency} is null where no job had a time. */
    record Figures(
            Result.Counts counts, Result.Steady steady, Result.@Nullable Latency latency, List<Result.Type> types) {}

    Promises(Scenario scenario, Seen seen, Fates fates, Figures figures) {
        this.scenario = scenario;
        this.expect = scenario.expect();
        this.seen = seen;
        this.fates = fates;
        this.figures = figures;
    }

    List<Check> all() {
        return Stream.of(
                        everythingIsDone(),
                        everythingIsTaken(),
                        nothingRunsTwice(),
                        nothingIsEarly(),
                        duplicatesRunOnce(),
                        new LimitPromises(scenario, seen, figures.types()).all(),
                        slotsAreBusy(),
                        nobodyWaitsLong(),
                        everyEventHappened(),
                        nobodyEndsByItself(),
                        memoryIsBounded(),
                        recordsAreAccountedFor(),
                        restCostsLittle(),
                        theFirstJobComesSoon(),
                        workResumes(),
                        everythingSettles(),
                        whatIsLeftOut())
                .flatMap(checks -> checks)
                .toList();
    }

    private Stream<Check> everythingIsDone() {
        long notDone = figures.counts().notDone();
        return expect.allDone()
                ? Stream.of(new Check("every job that was due is done", notDone == 0, notDone + " are not"))
                : Stream.empty();
    }

    /** By Kafka; where brokers are out of order it may not be, but for a few. */
    private Stream<Check> everythingIsTaken() {
        long refused = seen.refused();
        if (scenario.events().stream().anyMatch(event -> event.what() instanceof Disturbance.OfBroker)) {
            long most = figures.counts().jobs() / 100;
            return Stream.of(new Check(
                    "Kafka takes 99 % of the jobs although brokers break", refused <= most, refused + " it did not"));
        }
        return refused == 0
                ? Stream.empty()
                : Stream.of(new Check("Kafka takes every job", false, refused + " it did not"));
    }

    private Stream<Check> nothingRunsTwice() {
        long repeated = fates.repeatedWithoutCause();
        String which = repeated == 0 ? "" : ": " + fates.examples(seen.beginNanos());
        return Stream.of(new Check(
                "nothing ran twice but what was in flight at a kill, or had ended "
                        + expect.window().toMillis() + " ms before",
                repeated == 0,
                repeated + " did, " + fates.repeated() + " with those" + which));
    }

    private Stream<Check> nothingIsEarly() {
        long early = new EarlyStarts(seen.requests(), seen.events(), seen.beginNanos()).count();
        return Stream.of(
                new Check("nothing began before its time but by a clock that was ahead", early == 0, early + " did"));
    }

    private Stream<Check> duplicatesRunOnce() {
        long more = fates.ranMoreThanOnce();
        return expect.oncePerId()
                ? Stream.of(new Check("what is sent twice runs once", more == 0, more + " ran more than once"))
                : Stream.empty();
    }

    private Stream<Check> slotsAreBusy() {
        Double least = expect.utilisation();
        if (least == null) {
            return Stream.empty();
        }
        return figures.types().stream()
                .filter(type -> type.utilisation() != null)
                .map(type -> Check.ofSlots(
                        percent(least), type.name(), type.utilisation() >= least, percent(type.utilisation())));
    }

    private Stream<Check> nobodyWaitsLong() {
        Duration p99 = expect.p99();
        if (p99 == null) {
            return Stream.empty();
        }
        Result.@Nullable Latency latency = figures.latency();
        double found = latency == null ? Double.POSITIVE_INFINITY : latency.p99();
        return Stream.of(new Check(
                "99 of 100 jobs start within " + p99.toMillis() + " ms",
                found <= p99.toMillis(),
                String.format(Locale.ROOT, "%.1f ms", found)));
    }

    private Stream<Check> everyEventHappened() {
        return seen.failures().stream().map(failure -> new Check("every event happened", false, failure));
    }

    private Stream<Check> nobodyEndsByItself() {
        return Stream.of(new Check(
                "no process ended by itself, and each that was stopped did",
                seen.surprises().isEmpty(),
                seen.surprises().isEmpty() ? "so it was" : String.join("; ", seen.surprises())));
    }

    private Stream<Check> memoryIsBounded() {
        DataSize most = expect.memory();
        if (most == null) {
            return Stream.empty();
        }
        double found = figures.steady().residentMebibytes();
        return Stream.of(new Check(
                "all instances together have no more than " + most + " resident",
                found * MEBIBYTE <= most.bytes(),
                String.format(Locale.ROOT, "%.0fMiB at the most", found)));
    }

    private Stream<Check> recordsAreAccountedFor() {
        Accounts.Tally accounts = seen.accounts();
        if (!expect.accounts() || accounts.equals(Accounts.Tally.NOT_ASKED)) {
            return Stream.empty();
        }
        return Stream.of(new Check(
                "every record is accounted for in the metrics of each instance",
                accounts.looks() > 0 && accounts.wrong() == 0,
                accounts.wrong() + " of " + accounts.looks() + " looks say otherwise"
                        + (accounts.examples().isEmpty() ? "" : ": " + accounts.examples())));
    }

    private Stream<Check> restCostsLittle() {
        Double most = expect.cpu();
        if (most == null) {
            return Stream.empty();
        }
        double found = figures.steady().cpuShare();
        return Stream.of(
                new Check("it costs no more than " + percent(most) + " of a core", found <= most, percent(found)));
    }

    private Stream<Check> theFirstJobComesSoon() {
        Duration most = expect.firstJob();
        if (most == null) {
            return Stream.empty();
        }
        long found = figures.steady().startToFirstJobMillis();
        return Stream.of(new Check(
                "the first job starts within " + most.toMillis() + " ms of the process",
                found > 0 && found <= most.toMillis(),
                found + " ms"));
    }

    private Stream<Check> workResumes() {
        Duration most = expect.resumes();
        return most == null ? Stream.empty() : new Resumptions(seen).within(most);
    }

    private Stream<Check> everythingSettles() {
        Duration most = expect.settles();
        return most == null ? Stream.empty() : new CalmPromises(scenario, seen).after(most);
    }

    private Stream<Check> whatIsLeftOut() {
        return seen.leftOut().stream()
                .map(why -> new Check("left out: a full disk, which this machine does not allow", true, why));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
