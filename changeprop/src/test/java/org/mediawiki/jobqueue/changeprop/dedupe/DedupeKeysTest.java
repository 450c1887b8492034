package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.changeprop.event.RootEvent;
import org.mediawiki.jobqueue.runner.FakeTime;

/** The keys are those of the legacy service: {@code sys/deduplicator.js}, {@code lib/rule_executor.js}. */
final class DedupeKeysTest {

    private static final JobEvent JOB = TestJobs.job(
            "4f93e248",
            FakeTime.START,
            Optional.of("da39a3ee"),
            Optional.of(new RootEvent(FakeTime.START, "5ba93c9d")));

    @Test
    void areThoseOfTheLegacyService() {
        DedupeKeys keys = DedupeKeys.of(JOB, "refreshLinks", "mediawiki.job.refreshLinks");

        assertThat(keys.all())
                .containsExactly(
                        "CPJQ_dedupe_refreshLinks_en.example.org_4f93e248",
                        "CPJQ_dedupe_refreshLinks_en.example.org_da39a3ee",
                        "CPJQ_dedupe_refreshLinks_5ba93c9d");
    }

    @ParameterizedTest
    @CsvSource({
        "refreshLinks, mediawiki.job.refreshLinks, refreshLinks",
        "refreshLinks, cpjobqueue.partitioned.mediawiki.job.refreshLinks, refreshLinks",
        "low_traffic_jobs, mediawiki.job.Foo, low_traffic_jobs-mediawiki.job.Foo",
        "Links, mediawiki.job.refreshLinks, Links-mediawiki.job.refreshLinks",
    })
    void nameTheStreamWhereTheRuleHasSeveral(String rule, String stream, String name) {
        assertThat(DedupeKeys.of(JOB, rule, stream).rootKey()).contains("CPJQ_dedupe_" + name + "_5ba93c9d");
    }

    @ParameterizedTest
    @CsvSource({
        "refreshLinks, mediawiki.job.refreshLinks, refreshLinks",
        "low_traffic_jobs, mediawiki.job.Foo_bar, Foo_bar",
        "Links, mediawiki.job.refreshLinks, refreshLinks",
    })
    void tellTheJobType(String rule, String stream, String type) {
        assertThat(DedupeKeys.of(JOB, rule, stream).scope().type()).isEqualTo(type);
    }

    @Test
    void nameAMissingDomainAsTheLegacyServiceDoes() {
        JobEvent homeless = TestJobs.job("1", "", FakeTime.START, Optional.empty(), Optional.empty());

        assertThat(DedupeKeys.of(homeless, "a", "mediawiki.job.a").idKey()).contains("CPJQ_dedupe_a_undefined_1");
    }

    @Test
    void areNotMadeOfWhatIsMissing() {
        JobEvent bare =
                TestJobs.job("", FakeTime.START, Optional.of(""), Optional.of(new RootEvent(FakeTime.START, "")));

        assertThat(DedupeKeys.of(bare, "a", "mediawiki.job.a").all()).isEmpty();
    }
}
