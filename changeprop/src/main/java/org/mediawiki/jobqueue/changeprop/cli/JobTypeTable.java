package org.mediawiki.jobqueue.changeprop.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.BreakerConfig;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.LowTrafficConfig;
import org.mediawiki.jobqueue.changeprop.config.RetryConfig;
import org.mediawiki.jobqueue.changeprop.dispatch.RetryPolicy;

/** One row for each job type that has an entry of its own, and one for all others. */
final class JobTypeTable {

    /** More waits than this are counted instead of listed. */
    private static final int MAX_LISTED = 4;

    private final BreakerConfig usualBreaker;
    private final TextTable table = new TextTable(
            "JOB TYPE",
            "LANE",
            "POOL",
            "AT ONCE",
            "PER SECTION",
            "PER WIKI",
            "RATE",
            "PRIORITY",
            "TIMEOUT",
            "RETRIES AFTER",
            "DROPPED WHEN OLDER",
            "BREAKER",
            "DEDUPE",
            "PAUSED");

    private JobTypeTable(BreakerConfig usualBreaker) {
        this.usualBreaker = usualBreaker;
    }

    static String of(EffectiveConfig effective) {
        JobTypeTable types = new JobTypeTable(effective.configuration().breaker());
        for (Map.Entry<String, LaneConfig> lane :
                effective.configuration().lanes().entrySet()) {
            lane.getValue().jobs().forEach((type, settings) -> types.add(type, lane, "its own", settings));
            LowTrafficConfig pool = lane.getValue().lowTraffic();
            if (pool != null) {
                types.add("(every other)", lane, EffectiveConfig.LOW_TRAFFIC, pool.asJobType());
            }
        }
        return types.table.toString();
    }

    private void add(String type, Map.Entry<String, LaneConfig> lane, String pool, JobTypeConfig settings) {
        table.row(
                type,
                lane.getKey(),
                pool,
                Integer.toString(settings.concurrency()),
                orNothing(settings.perSection()),
                orNothing(settings.perWiki()),
                orNothing(settings.rate()),
                settings.priority() == 0 ? TextTable.NOTHING : Integer.toString(settings.priority()),
                Durations.format(settings.timeout()),
                retries(settings.retry()),
                abandon(settings),
                settings.breaker().equals(usualBreaker) ? TextTable.NOTHING : breaker(settings.breaker()),
                settings.dedupe() ? TextTable.NOTHING : "off",
                settings.paused() || lane.getValue().paused() ? "paused" : TextTable.NOTHING);
    }

    /** The waits before the retries, as {@code 1m 6m}. */
    private static String retries(RetryConfig retry) {
        if (retry.limit() == 0) {
            return "never";
        }
        List<String> waits = new ArrayList<>();
        RetryPolicy policy = new RetryPolicy(retry.limit(), retry.delay(), retry.factor());
        for (int nth = 1; nth <= Math.min(retry.limit(), MAX_LISTED); nth++) {
            waits.add(Durations.format(policy.delayBefore(nth)));
        }
        int more = retry.limit() - waits.size();
        return String.join(" ", waits) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String abandon(JobTypeConfig settings) {
        String ages = Stream.of(age("", settings.abandonAfter()), age("root ", settings.abandonRootAfter()))
                .filter(age -> !age.isEmpty())
                .collect(Collectors.joining(", "));
        return ages.isEmpty() ? TextTable.NOTHING : ages;
    }

    private static String age(String whose, @Nullable Duration age) {
        return age == null ? "" : whose + Durations.format(age);
    }

    static String breaker(BreakerConfig breaker) {
        return "opens at " + Math.round(breaker.failureRate() * 100) + "% of " + breaker.minimumCalls()
                + " or more calls in " + Durations.format(breaker.window()) + " or " + breaker.minimumCalls()
                + " failures in a row, after " + Durations.format(breaker.openFor()) + " sends " + breaker.probes()
                + " probes";
    }

    private static String orNothing(@Nullable Object value) {
        return value == null ? TextTable.NOTHING : value.toString();
    }
}
