package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.Spans;

/**
 * What holds again between two events that are far enough apart: what is due starts, or all slots of its limit are taken (SPEC
 * guarantees 4 and 5), and in the pool no type waits behind another's backlog (guarantee 6). Job types that come up meanwhile are
 * not looked at: their topics must be found first. Pure.
 */
final class CalmPromises {

    private static final Duration ON_TIME = Duration.ofSeconds(1);

    /** Of all jobs, so many may be late. */
    private static final double MAY_BE_LATE = 0.01;

    /** So many of the slots may be empty though there is a backlog, and each for so long between two jobs. */
    private static final double EMPTY_SLOTS = 0.02;

    private static final Duration BETWEEN_JOBS = Duration.ofMillis(20);

    /** A type with a larger part of what is due in the pool has a backlog of its own making. */
    private static final double CROWD = 0.5;

    private static final int MOST_EXAMPLES = 5;

    private final Scenario scenario;
    private final Seen seen;

    CalmPromises(Scenario scenario, Seen seen) {
        this.scenario = scenario;
        this.seen = seen;
    }

    /** A calm, from when everything has settled. Times are by the ledger's clock. */
    private record Calm(long from, long to) {

        boolean begins(Wait wait) {
            return wait.from() >= from && wait.from() < to;
        }

        /** The part of it within the calm; it ends before it begins where there is none. */
        Wait within(Wait wait) {
            return new Wait(wait.type(), Math.max(from, wait.from()), Math.min(to, wait.to()));
        }
    }

    /** A job was due, and began. */
    private record Wait(String type, long from, long to) {

        boolean isLong() {
            return to - from > ON_TIME.toNanos();
        }

        String in(Seen seen) {
            return String.format(
                    Locale.ROOT, "%s at %.2f s, for %.2f s", type, (from - seen.beginNanos()) / 1e9, (to - from) / 1e9);
        }
    }

    /** Job types that share a limit. */
    private record Sharers(int limit, Spans runs) {

        /** Whether they had a free slot for longer than it takes to fill each that becomes free. */
        boolean hadRoom(Wait wait) {
            long time = wait.to() - wait.from();
            double slots = (double) limit * time;
            double free = slots * (1 - runs.utilisation(limit, wait.from(), wait.to()));
            return free
                    > EMPTY_SLOTS * slots
                            + (double) BETWEEN_JOBS.toNanos() * runs.startsBetween(wait.from(), wait.to());
        }
    }

    /** Two checks of what begins, or waits, so long after each event. */
    Stream<Check> after(Duration settled) {
        List<Calm> calms = calms(settled);
        List<Wait> waits = waits();
        return Stream.of(nobodyWaitsBesideFreeSlots(calms, waits), nobodyWaitsBehindACrowd(calms, waits));
    }

    private List<Calm> calms(Duration settled) {
        List<Calm> calms = new ArrayList<>();
        Duration over = Duration.ZERO;
        List<EventSpec> events = seen.events().stream()
                .sorted(Comparator.comparing(EventSpec::at))
                .toList();
        for (EventSpec event : events) {
            addCalm(over.plus(settled), event.at(), calms);
            over = event.end().compareTo(over) > 0 ? event.end() : over;
        }
        addCalm(over.plus(settled), scenario.loadLength(), calms);
        return calms;
    }

    private void addCalm(Duration from, Duration to, List<Calm> calms) {
        if (from.compareTo(to) < 0) {
            calms.add(new Calm(seen.beginNanos() + from.toNanos(), seen.beginNanos() + to.toNanos()));
        }
    }

    /** Of each job that has a time, until its first attempt; what comes later waits on purpose. */
    private List<Wait> waits() {
        Requests requests = seen.requests();
        Set<String> known = Set.copyOf(scenario.typesAtFirst());
        return requests.firstAttempts()
                .filter(row -> requests.book().isTimed(requests.job(row)) && known.contains(requests.type(row)))
                .mapToObj(row ->
                        new Wait(requests.type(row), requests.book().fromNanos(requests.job(row)), requests.start(row)))
                .toList();
    }

    private Check nobodyWaitsBesideFreeSlots(List<Calm> calms, List<Wait> waits) {
        Map<String, Sharers> sharers = new HashMap<>();
        List<Wait> inCalms = calms.stream()
                .flatMap(calm -> waits.stream().map(calm::within).filter(wait -> wait.to() >= wait.from()))
                .toList();
        List<Wait> kept = inCalms.stream()
                .filter(Wait::isLong)
                .filter(wait ->
                        sharers.computeIfAbsent(wait.type(), this::sharersWith).hadRoom(wait))
                .toList();
        return check("99 of 100 jobs start on time, or find every slot taken", inCalms.size(), kept);
    }

    private Check nobodyWaitsBehindACrowd(List<Calm> calms, List<Wait> waits) {
        List<Wait> ofPool = waits.stream().filter(wait -> isOfPool(wait.type())).toList();
        List<Wait> others = new ArrayList<>();
        for (Calm calm : calms) {
            List<Wait> due = ofPool.stream().filter(calm::begins).toList();
            Set<String> crowds = crowds(due);
            due.stream().filter(wait -> !crowds.contains(wait.type())).forEach(others::add);
        }
        return check(
                "99 of 100 jobs of the pool start on time beside the backlog of another type",
                others.size(),
                others.stream().filter(Wait::isLong).toList());
    }

    /** Fails too where there was nothing to look at. */
    private Check check(String what, int looks, List<Wait> late) {
        String examples =
                late.stream().limit(MOST_EXAMPLES).map(wait -> wait.in(seen)).collect(Collectors.joining(", "));
        return new Check(
                "in calms, " + what,
                looks > 0 && late.size() <= MAY_BE_LATE * looks,
                late.size() + " of " + looks + " did not" + (late.isEmpty() ? "" : ": " + examples));
    }

    private static Set<String> crowds(List<Wait> due) {
        Map<String, Long> counts = due.stream().collect(Collectors.groupingBy(Wait::type, Collectors.counting()));
        Set<String> crowds = new HashSet<>();
        counts.forEach((type, count) -> {
            if (count > CROWD * due.size()) {
                crowds.add(type);
            }
        });
        return crowds;
    }

    private Sharers sharersWith(String type) {
        boolean pool = isOfPool(type);
        List<String> together =
                pool ? seen.requests().types().stream().filter(this::isOfPool).toList() : List.of(type);
        int limit = pool
                ? scenario.dispatcher().lowTrafficLimit()
                : scenario.dispatcher().limitOf(type).orElseThrow();
        return new Sharers(limit, seen.requests().spans(together, seen.cuts()));
    }

    private boolean isOfPool(String type) {
        return scenario.dispatcher().limitOf(type).isEmpty();
    }
}
