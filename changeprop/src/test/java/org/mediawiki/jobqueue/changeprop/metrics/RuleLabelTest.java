package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleLabelTest {

    @ParameterizedTest
    @CsvSource({
        "low_traffic_jobs, mediawiki.job.Foo, low-traffic-jobs-mediawiki-job-Foo",
        "refreshLinks, mediawiki.job.refreshLinks, refreshLinks-mediawiki-job-refreshLinks",
        "a/b, x.y-z, a/b-x-y-z",
        "käse, mediawiki.job.a b, k-se-mediawiki-job-a-b",
    })
    void isWrittenAsTheLegacyServiceWritesIt(String rule, String stream, String label) {
        assertThat(RuleLabel.of(rule, stream)).isEqualTo(label);
    }
}
