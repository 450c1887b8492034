package org.mediawiki.jobqueue.loadtest.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.dev.Tally.TypeTally;

final class TallyTest {

    private static final String SCRAPE = """
            # HELP jobqueue_slots_in_use Attempts under way.
            # TYPE jobqueue_slots_in_use gauge
            jobqueue_slots_in_use{lane="main",pool="refreshLinks",type="refreshLinks"} 3.0
            jobqueue_slots_limit{lane="main",pool="refreshLinks",type="refreshLinks"} 6.0
            jobqueue_jobs_waiting{lane="main",pool="refreshLinks",type="refreshLinks"} 12.0
            jobqueue_records_ended_total{ending="done",lane="main",type="refreshLinks"} 1.0E7
            jobqueue_records_ended_total{ending="retried",lane="main",type="refreshLinks"} 5.0
            jobqueue_records_ended_total{ending="dead",lane="main",type="refreshLinks"} 1.0
            jobqueue_records_ended_total{ending="done",lane="main",type="odd \\"{name}\\""} 2.0
            jobqueue_verdicts_total{lane="main",status="500",type="refreshLinks",verdict="retry"} 4.0
            jobqueue_verdicts_total{lane="main",status="502",type="refreshLinks",verdict="retry"} 2.0
            jobqueue_jobs_delayed{lane="main"} 7.0
            jobqueue_scheduler_depth{type="refreshLinks"} 30.0
            jvm_threads_live_threads 20.0
            """;

    @Test
    void readsEveryNumberFromTheMetrics() {
        Tally tally = Tally.of(Sample.parse(SCRAPE, Tally.PREFIX));

        assertThat(tally.types())
                .containsEntry("refreshLinks", new TypeTally(3, 6, 12, 10_000_000, 5, 1))
                .hasSize(2);
        assertThat(tally.verdicts()).isEqualTo(Map.of("retry", 6L));
        assertThat(tally.delayed()).as("in memory and in the scheduler").isEqualTo(37);
        assertThat(tally.done()).isEqualTo(10_000_002);
    }

    @Test
    void anEmptyScrapeIsNothing() {
        assertThat(Tally.of(Sample.parse("", Tally.PREFIX))).isEqualTo(Tally.NOTHING);
    }
}
