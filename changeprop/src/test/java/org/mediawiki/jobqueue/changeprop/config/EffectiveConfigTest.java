package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Loaded;

class EffectiveConfigTest {

    private static final String LAYERS = """
            service: jq
            kafka: {bootstrap_servers: ['kafka:9092']}
            targets:
              near: {uri: 'https://near/', timeout: 7m}
              far: {uri: 'https://far/'}
            retry: {limit: 5, delay: 10s}
            breaker: {probes: 9}
            sections: {default: s3, enwiki: s1}
            lanes:
              main:
                target: near
                retry: {delay: 20s}
                jobs:
                  plain: {}
                  own: {timeout: 1m, retry: {limit: 0}, breaker: {open_for: 1s}}
                low_traffic: {concurrency: 9, retry: {factor: 2}}
                exclude: [left]
              video:
                target: far
                jobs: {transcode: {}}
            """;

    private final EffectiveConfig config = effective(LAYERS);

    @Test
    void takesEachKeyFromTheTypeElseTheLaneElseTheFileElseTheDefault() {
        assertThat(main("own").retry()).isEqualTo(new RetryConfig(0, Duration.ofSeconds(20), 6));
        assertThat(main("plain").retry()).isEqualTo(new RetryConfig(5, Duration.ofSeconds(20), 6));
        assertThat(main("unheardOf").retry()).isEqualTo(new RetryConfig(5, Duration.ofSeconds(20), 2));
        assertThat(config.policyFor("video", "transcode").settings().retry())
                .isEqualTo(new RetryConfig(5, Duration.ofSeconds(10), 6));
        assertThat(main("own").breaker().probes()).isEqualTo(9);
        assertThat(main("own").breaker().openFor()).isEqualTo(Duration.ofSeconds(1));
        assertThat(main("plain").breaker().openFor()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void takesTheTimeoutFromTheTypeElseTheTarget() {
        assertThat(main("own").timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(main("plain").timeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(main("unheardOf").timeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(config.policyFor("video", "transcode").settings().timeout()).isEqualTo(Duration.ofSeconds(1210));
    }

    @Test
    void putsTypesWithoutAnEntryIntoTheLowTrafficPool() {
        JobTypePolicy own = config.policyFor("main", "plain");
        JobTypePolicy shared = config.policyFor("main", "unheardOf");

        assertThat(own.rule()).isEqualTo("plain");
        assertThat(own.settings().concurrency()).isEqualTo(30);
        assertThat(shared.rule()).isEqualTo("low_traffic_jobs");
        assertThat(shared.settings().concurrency()).isEqualTo(9);
    }

    @Test
    void givesEveryTypeToOneLaneButTheExcluded() {
        assertThat(config.typesOf("main")).isEqualTo(new LaneTypes.AllBut(Set.of("left", "transcode")));
        assertThat(config.typesOf("video")).isEqualTo(new LaneTypes.Only(Set.of("transcode")));
        assertThatIllegalArgumentException().isThrownBy(() -> config.typesOf("none"));
    }

    @Test
    void refusesToInventAPolicyForATypeThatTheLaneDoesNotRun() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.policyFor("video", "unheardOf"));
        assertThatIllegalArgumentException().isThrownBy(() -> config.policyFor("none", "own"));
    }

    @Test
    void knowsTheSectionOfEveryWiki() {
        assertThat(config.sectionOf("enwiki")).isEqualTo("s1");
        assertThat(config.sectionOf("tiwiki")).isEqualTo("s3");
        assertThat(effective(LAYERS.replaceAll("sections.*", "")).sectionOf("tiwiki"))
                .isEqualTo("default");
    }

    @Test
    void namesTheGroupOfTheMainLaneAfterTheServiceAlone() {
        assertThat(config.consumerGroup("main")).isEqualTo("jq");
        assertThat(config.consumerGroup("video")).isEqualTo("jq-video");
        assertThat(config.targetOf("video").uri()).hasHost("far");
    }

    private JobTypeConfig main(String type) {
        return config.policyFor("main", type).settings();
    }

    private static EffectiveConfig effective(String yaml) {
        return new ConfigurationLoader(Map.of(), unusedFile -> true)
                .parse(yaml)
                .match((Loaded loaded) -> new EffectiveConfig(loaded.configuration()), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }
}
