package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.assign.Unit;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** Which topics of a lane belong to one instance. */
class LanePlanTest {

    private static final String KAFKA = "eqiad.mediawiki.job.";
    private static final String RETRY = "eqiad.cpjobqueue.retry.mediawiki.job.";
    private static final String PARTITIONED = "eqiad.cpjobqueue.partitioned.mediawiki.job.";

    @Test
    void aTypeWithAnEntryOfItsOwnIsAUnitWithAllItsTopics() {
        Plan plan = plan("main", "main: {jobs: {refreshLinks: {concurrency: 240}}}");

        assertThat(plan.unitOf(KAFKA + "refreshLinks"))
                .isEqualTo(new Unit("refreshLinks", 240))
                .isEqualTo(plan.unitOf(RETRY + "refreshLinks"))
                .isEqualTo(plan.unitOf(PARTITIONED + "refreshLinks"));
    }

    @Test
    void allOtherTypesAreOneUnit() {
        Plan plan = plan("main", "main: {low_traffic: {concurrency: 50}}");

        assertThat(plan.unitOf(KAFKA + "Foo"))
                .isEqualTo(new Unit("low_traffic_jobs", 50))
                .isEqualTo(plan.unitOf(RETRY + "Bar"));
    }

    @Test
    void aLaneWithALimitOfItsOwnIsOneUnit() {
        Plan plan = plan("video", "video: {concurrency: 15, jobs: {One: {concurrency: 8}, Two: {concurrency: 15}}}");

        assertThat(plan.unitOf(KAFKA + "One"))
                .isEqualTo(new Unit("lane/video", 15))
                .isEqualTo(plan.unitOf(RETRY + "Two"));
    }

    @Test
    void whatIsNotTheLanesAccordingToThisConfigurationIsAUnitOfItsOwn() {
        Plan plan = plan("video", "{main: {}, video: {jobs: {One: {}}}}");

        assertThat(plan.unitOf(KAFKA + "Two")).isEqualTo(Plan.alone(KAFKA + "Two"));
        assertThat(plan.unitOf("codfw.mediawiki.job.One")).isEqualTo(Plan.alone("codfw.mediawiki.job.One"));
    }

    private static Plan plan(String lane, String lanes) {
        String yaml = """
                kafka: {bootstrap_servers: ['kafka:9092']}
                targets: {runner: {uri: 'https://runner/'}}
                lanes: %s
                """.formatted(lanes.startsWith("{") ? lanes : "{" + lanes + "}");
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(
                        loaded -> new LaneForm(loaded.configuration(), lane).plan(new Topics("eqiad", "cpjobqueue")),
                        refused -> {
                            throw new AssertionError(refused.problems().toString());
                        });
    }
}
