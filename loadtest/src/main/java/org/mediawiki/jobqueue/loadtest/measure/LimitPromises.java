package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.config.Rate;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Result.Check;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.Spans;

/**
 * That no limit was exceeded (SPEC guarantee 3): of each job type, of those together that have none of their own, of what was
 * changed meanwhile, and of what may start in a time. Not looked at: {@code per_section}, {@code per_wiki}, a lane's own limit,
 * {@code max_share}. Pure.
 */
final class LimitPromises {

    private static final int RATE_SECONDS = 10;

    private final Scenario scenario;
    private final Seen seen;
    private final List<Result.Type> types;

    /** {@code types} is what came of each job type. */
    LimitPromises(Scenario scenario, Seen seen, List<Result.Type> types) {
        this.scenario = scenario;
        this.seen = seen;
        this.types = types;
    }

    Stream<Check> all() {
        return Stream.of(
                        standingLimitsHold(),
                        poolHolds(),
                        changedLimitsHold(),
                        limitsHoldBetween(),
                        pausesHold(),
                        ratesHold())
                .flatMap(checks -> checks);
    }

    private Stream<Check> standingLimitsHold() {
        return types.stream().filter(type -> type.limit() != null).map(type -> {
            int limit = mostAllowed(type.name(), type.limit());
            return limitHolds(
                    "no more than " + limit + " of " + type.name() + " at once",
                    limit,
                    type.mostAtOnce(),
                    List.of(type.name()));
        });
    }

    /** What has no limit of its own has one together. */
    private Stream<Check> poolHolds() {
        List<String> pool = types.stream()
                .filter(type -> type.limit() == null)
                .map(Result.Type::name)
                .toList();
        if (pool.isEmpty()) {
            return Stream.empty();
        }
        int limit = scenario.dispatcher().lowTrafficLimit();
        return Stream.of(limitHolds(
                "no more than " + limit + " at once of the job types that have no limit of their own",
                limit,
                seen.requests().spans(pool, seen.cuts()).most(),
                pool));
    }

    /** {@code most} of the types {@code together} were seen at once, where {@code limit} are allowed. */
    private Check limitHolds(String what, int limit, int most, List<String> together) {
        boolean holds = most <= limit;
        return new Check(what, holds, most + " at the most" + (holds ? "" : firstAbove(together, limit)));
    }

    /** A limit may be raised for a time, after which it is not asked for any closer. */
    private int mostAllowed(String type, int standing) {
        return changedLimits()
                .map(event -> (Disturbance.Limit) event.what())
                .filter(limit -> limit.type().equals(type))
                .mapToInt(Disturbance.Limit::concurrency)
                .reduce(standing, Math::max);
    }

    /** For whoever looks for the cause. It goes through all requests. */
    private String firstAbove(List<String> together, int limit) {
        OptionalLong first = seen.requests().spans(together, seen.cuts()).firstAbove(limit);
        return first.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, ", more at first at %.2f s", (first.getAsLong() - seen.beginNanos()) / 1e9);
    }

    private Stream<Check> changedLimitsHold() {
        return changedLimits().map(event -> changedLimitHolds(event, (Disturbance.Limit) event.what()));
    }

    /** A limit that is changed for a time is itself again before and after it. */
    private Stream<Check> limitsHoldBetween() {
        return types.stream()
                .filter(type -> type.limit() != null)
                .flatMap(type -> changesOf(type.name()).isEmpty()
                        ? Stream.empty()
                        : Stream.of(limitHoldsBetween(type.name(), type.limit(), changesOf(type.name()))));
    }

    private Check limitHoldsBetween(String type, int limit, List<EventSpec> changes) {
        Spans spans = seen.requests().spans(List.of(type), seen.cuts());
        int most = 0;
        long from = seen.beginNanos();
        for (EventSpec change : changes) {
            most = Math.max(
                    most,
                    spans.mostAtStarts(from, seen.beginNanos() + change.at().toNanos()));
            from = seen.beginNanos()
                    + change.end().plus(Contender.LIMIT_HOLDS_WITHIN).toNanos();
        }
        most = Math.max(most, spans.mostAtStarts(from, Math.max(from, seen.endNanos())));
        return new Check(
                "no more than " + limit + " of " + type + " at once when that is its limit",
                most <= limit,
                most + " at the most");
    }

    /** In order. */
    private List<EventSpec> changesOf(String type) {
        return changedLimits()
                .filter(event -> ((Disturbance.Limit) event.what()).type().equals(type))
                .sorted(Comparator.comparing(EventSpec::at))
                .toList();
    }

    private Stream<EventSpec> changedLimits() {
        return seen.events().stream().filter(event -> event.what() instanceof Disturbance.Limit);
    }

    /** What runs already goes on; from when it holds, nothing begins beyond it. */
    private Check changedLimitHolds(EventSpec event, Disturbance.Limit limit) {
        int most = mostAtStarts(event, limit.type());
        return new Check(
                "no more than " + limit.concurrency() + " of " + limit.type() + " at once " + whileItHolds(event),
                most <= limit.concurrency(),
                most + " at the most");
    }

    private Stream<Check> pausesHold() {
        return seen.events().stream()
                .filter(event -> event.what() instanceof Disturbance.Pause)
                .map(event -> pauseHolds(event, ((Disturbance.Pause) event.what()).type()));
    }

    private Check pauseHolds(EventSpec event, String type) {
        int most = mostAtStarts(event, type);
        return new Check(
                "none of " + type + " starts " + whileItHolds(event), most == 0, most + " at once after a start");
    }

    private int mostAtStarts(EventSpec event, String type) {
        return seen.requests()
                .spans(List.of(type), seen.cuts())
                .mostAtStarts(
                        seen.beginNanos() + holdsFrom(event).toNanos(),
                        seen.beginNanos() + event.end().toNanos());
    }

    private static Duration holdsFrom(EventSpec event) {
        return event.at().plus(Contender.LIMIT_HOLDS_WITHIN);
    }

    private static String whileItHolds(EventSpec event) {
        return "from " + holdsFrom(event).toSeconds() + " s to " + event.end().toSeconds() + " s";
    }

    private Stream<Check> ratesHold() {
        return types.stream()
                .flatMap(type ->
                        scenario.dispatcher().rateOf(type.name()).stream().map(rate -> rateHolds(type.name(), rate)));
    }

    /** Starts are spaced where they leave, and looked at where they arrive: a second's worth more may come close together. */
    private Check rateHolds(String type, Rate rate) {
        int allowed = 1 + (int) Math.ceil(rate.perSecond() * (RATE_SECONDS + 1));
        long[] starts = seen.requests().starts(type);
        // What began within that time is what would share a moment, had each gone on for as long.
        long[] ends = Arrays.stream(starts)
                .map(start -> start + TimeUnit.SECONDS.toNanos(RATE_SECONDS))
                .toArray();
        int most = new Spans(starts, ends).most();
        return new Check(
                "no more than " + allowed + " of " + type + " begin within " + RATE_SECONDS + " s, at " + rate,
                most <= allowed,
                most + " at the most");
    }
}
