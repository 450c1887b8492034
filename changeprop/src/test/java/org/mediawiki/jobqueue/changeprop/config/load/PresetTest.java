package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Loaded;

/** What standalone adds to the file of a small wiki: a key about something else must not take its limits away. */
class PresetTest {

    private static final String WIKI = "targets: {wiki: {uri: 'http://127.0.0.1/job'}}\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lanes:",
                "lanes: {}",
                "lanes: {main: {}}",
                "lanes: {main: }",
                "lanes: {main: {drain_timeout: 5m}}",
                "lanes: {main: {low_traffic: {max_share: 1}}}",
                "lanes: {main: {low_traffic: }}",
                "lanes: {main: {low_traffic: {concurrency: }}}",
                "lanes: {main: {jobs: {a: {concurrency: 1}}}}",
                "lanes: {main: {}, other: {jobs: {a: {}}}}"
            })
    void aSmallWikiRunsFourJobsAtOnceWhateverElseItsLanesSay(String lanes) {
        assertThat(limit(lanes, "main", "any")).isEqualTo(4);
    }

    @Test
    void aLaneOfAnotherNameMayHaveThePool() {
        String lanes = "lanes: {main: {}, other: {low_traffic: {}}}";

        assertThat(limit(lanes, "other", "any")).isEqualTo(4);
        assertThat(configuration(lanes).lanes().get("main"))
                .extracting(LaneConfig::lowTraffic)
                .isNull();
    }

    @Test
    void noLaneIsAddedToThoseThatTheFileHas() {
        assertThat(configuration("lanes: {other: {jobs: {a: {}}}}").lanes().keySet())
                .containsExactly("other");
        assertThat(configuration("lanes: {other: {low_traffic: {}}}").lanes().keySet())
                .containsExactly("other");
    }

    @ParameterizedTest
    @CsvSource({"'{}',4", "'',4", "'{per_wiki: 1}',4", "'{concurrency: 1}',1", "'{concurrency: 9}',9"})
    void aTypeOfItsOwnHasFourWhereItsEntryDoesNotSayOtherwise(String settings, int limit) {
        String lanes = "lanes: {main: {jobs: {a: " + settings + "}}}";

        assertThat(limit(lanes, "main", "a")).isEqualTo(limit);
    }

    @Test
    void theFilesLimitHolds() {
        assertThat(limit("lanes: {main: {low_traffic: {concurrency: 16}}}", "main", "any"))
                .isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({
        "'lanes: 4',lanes",
        "'lanes: {main: 4}',lanes.main",
        "'lanes: {main: {low_traffic: 4}}',lanes.main.low_traffic",
        "'lanes: {main: {jobs: 4}}',lanes.main.jobs",
        "'lanes: {main: {jobs: {a: 4}}}',lanes.main.jobs.a"
    })
    void whatIsNoMapIsToldOfAsEver(String lanes, String path) {
        List<Problem> problems = load(lanes).match(unusedLoaded -> List.of(), LoadResult.Refused::problems);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.rule()).isEqualTo("must be a map of keys and values");
        });
    }

    @Test
    void theIntakeCannotBeSwitchedOff() {
        List<Problem> problems =
                load("intake: {enabled: false}").match(unusedLoaded -> List.of(), LoadResult.Refused::problems);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("intake.enabled");
            assertThat(problem.line()).hasValue(2);
            assertThat(problem.rule()).isEqualTo("must be true, or be left out");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "intake:", "intake: {port: 0}", "intake: {enabled: }", "intake: {enabled: true}"})
    void theIntakeIsOnWhateverElseIsSaidOfIt(String intake) {
        assertThat(configuration(intake).intake().enabled()).isTrue();
    }

    private static int limit(String lanes, String lane, String type) {
        return new EffectiveConfig(configuration(lanes))
                .policyFor(lane, type)
                .settings()
                .concurrency();
    }

    private static Configuration configuration(String lanes) {
        return load(lanes).match(Loaded::configuration, refused -> {
            throw new AssertionError(refused.problems().toString());
        });
    }

    private static LoadResult load(String lanes) {
        return ConfigurationLoader.standalone(Map.of(), anyFile -> true, "127.0.0.1:9")
                .parse(WIKI + lanes);
    }
}
