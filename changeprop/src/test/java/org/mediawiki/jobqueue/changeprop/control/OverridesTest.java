package org.mediawiki.jobqueue.changeprop.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.Rate;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.control.Knob.Kind;

class OverridesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Configuration FILE = new ConfigurationLoader(Map.of(), file -> true)
            .parse("""
                    kafka: {bootstrap_servers: ['kafka:9092']}
                    targets: {runner: {uri: 'https://runner/'}}
                    lanes:
                      main:
                        jobs: {cdnPurge: {concurrency: 40, rate: 9/s, abandon_after: 1d}}
                        low_traffic: {concurrency: 50, max_share: 0.6, timeout: 7m, per_wiki: 3}
                        exclude: [ThumbnailRender]
                      video: {jobs: {webVideoTranscode: {concurrency: 15}}}
                    """)
            .match(loaded -> loaded.configuration(), refused -> {
                throw new AssertionError(refused.problems().toString());
            });

    @Test
    void withoutAnyTheFileHolds() {
        assertThat(Overrides.NONE.appliedTo(FILE)).isSameAs(FILE);
    }

    @Test
    void aTypesLimitRateAndPauseAreReplacedAndNothingElse() {
        Overrides overrides = Overrides.NONE
                .with(override(Kind.TYPE_CONCURRENCY, "cdnPurge", "7"))
                .with(override(Kind.TYPE_RATE, "cdnPurge", "2/s"))
                .with(override(Kind.TYPE_PAUSED, "cdnPurge", "true"));

        JobTypePolicy policy = policy(overrides, "main", "cdnPurge");

        assertThat(policy.settings())
                .isEqualTo(policy(Overrides.NONE, "main", "cdnPurge")
                        .settings()
                        .withConcurrency(7)
                        .withRate(new Rate(2))
                        .withPaused(true));
        assertThat(policy(overrides, "main", "other")).isEqualTo(policy(Overrides.NONE, "main", "other"));
    }

    @Test
    void aTypeOfTheSharedPoolIsIsolatedWithTheOtherSettingsOfThatPool() {
        JobTypePolicy policy = policy(
                Overrides.NONE.with(override(Kind.TYPE_CONCURRENCY, "refreshLinks", "7")), "main", "refreshLinks");

        assertThat(policy.hasOwnPool()).isTrue();
        assertThat(policy.settings())
                .isEqualTo(policy(Overrides.NONE, "main", "refreshLinks")
                        .settings()
                        .withConcurrency(7));
    }

    @Test
    void aTypeThatIsIsolatedByAnotherOverrideHasWhatOneTypeMayHaveOfThePool() {
        JobTypePolicy policy =
                policy(Overrides.NONE.with(override(Kind.TYPE_RATE, "refreshLinks", "1/m")), "main", "refreshLinks");

        assertThat(policy.hasOwnPool()).isTrue();
        assertThat(policy.settings().concurrency()).isEqualTo(30);
    }

    /** Else its duplicates would be run, and the legacy service would not know whose its retries are. */
    @Test
    void theRuleOfATypeStaysThatOfTheFile() {
        Overrides overrides = Overrides.NONE
                .with(override(Kind.TYPE_PAUSED, "refreshLinks", "true"))
                .with(override(Kind.TYPE_PAUSED, "cdnPurge", "true"));

        assertThat(policy(overrides, "main", "refreshLinks").rule()).isEqualTo("low_traffic_jobs");
        assertThat(policy(overrides, "main", "cdnPurge").rule()).isEqualTo("cdnPurge");
    }

    @Test
    void theSharedPoolItselfIsSetByItsName() {
        JobTypePolicy policy = policy(
                Overrides.NONE.with(override(Kind.TYPE_CONCURRENCY, EffectiveConfig.LOW_TRAFFIC, "5")),
                "main",
                "refreshLinks");

        assertThat(policy.hasOwnPool()).isFalse();
        assertThat(policy.settings().concurrency()).isEqualTo(5);
    }

    @Test
    void aLaneIsPaused() {
        Configuration configuration =
                Overrides.NONE.with(override(Kind.LANE_PAUSED, "video", "true")).appliedTo(FILE);

        assertThat(lane(configuration, "video").paused()).isTrue();
        assertThat(configuration.lanes().get("main")).isEqualTo(FILE.lanes().get("main"));
    }

    @Test
    void whatRefersToNothingChangesNothing() {
        assertThat(Overrides.NONE
                        .with(override(Kind.LANE_PAUSED, "gone", "true"))
                        .with(override(Kind.TYPE_CONCURRENCY, "ThumbnailRender", "7"))
                        .appliedTo(FILE))
                .isSameAs(FILE);
    }

    @Test
    void theLaneOfATypeIsThatOfTheFile() {
        Configuration configuration = Overrides.NONE
                .with(override(Kind.TYPE_CONCURRENCY, "webVideoTranscode", "3"))
                .appliedTo(FILE);

        assertThat(lane(configuration, "main").jobs()).doesNotContainKey("webVideoTranscode");
        assertThat(new EffectiveConfig(configuration)
                        .policyFor("video", "webVideoTranscode")
                        .settings()
                        .concurrency())
                .isEqualTo(3);
    }

    @Test
    void anOverrideEndsAtItsTimeAndNotBefore() {
        Instant until = NOW.plus(Duration.ofHours(2));
        Overrides overrides = Overrides.NONE.with(new OperatorOverride(
                new Knob(Kind.TYPE_PAUSED, "cdnPurge"), "true", "me", "why", NOW, Optional.of(until)));

        assertThat(overrides.inForce(until.minusMillis(1)).list()).hasSize(1);
        assertThat(overrides.inForce(until).list()).isEmpty();
        assertThat(overrides.over(until)).hasSize(1);
        assertThat(overrides.over(until.minusMillis(1))).isEmpty();
    }

    private static JobTypePolicy policy(Overrides overrides, String lane, String type) {
        return new EffectiveConfig(overrides.appliedTo(FILE)).policyFor(lane, type);
    }

    private static OperatorOverride override(Kind kind, String name, String value) {
        return new OperatorOverride(new Knob(kind, name), value, "me", "why", NOW, Optional.empty());
    }

    private static LaneConfig lane(Configuration configuration, String name) {
        return new EffectiveConfig(configuration).lane(name);
    }
}
