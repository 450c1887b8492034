package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart by itself, in each combination of its values: what a cluster takes, and what must not be rendered. */
class CombinationsTest {

    static List<String> combinations() {
        return Samples.combinations();
    }

    @Test
    void lintFindsNothing() {
        LintResult result = Chart.lint();

        assertThat(result.getMessages())
                .allMatch(message -> message.contains("icon is recommended") || isMissingConfiguration(message));
    }

    /** Without brokers there is nothing to run, and lint has none. */
    private static boolean isMissingConfiguration(String message) {
        return message.contains("config.kafka.bootstrap_servers is missing");
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everyCombinationIsWhatKubernetesAndTheServiceUnderstand(String values) {
        Manifests manifests = Chart.render("main", values);

        assertThat(manifests.mistakes()).isEmpty();
        assertThat(References.dangling(manifests)).isEmpty();
        assertThat(manifests.pods()).isNotEmpty();
        assertThat(Configurations.parse(manifests.configuration()).targets()).containsOnlyKeys("runner");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config: {targets: {a: {uri: 'https://a/'}}} | config.kafka.bootstrap_servers is missing",
                "config: {kafka: {bootstrap_servers: ['a:1']}} | config.targets is missing",
                "config: {instance: a, kafka: {bootstrap_servers: ['a:1']}, targets: {a: {}}} | config.instance must be left out",
                "kafka: {mode: embedded} | config.kafka.bootstrap_servers must be left out",
                "lanes: {vidio: {}} | lanes.vidio: config.lanes has no such lane",
                "lanes: {main: null, other: {}} | lanes.other: config.lanes has no such lane",
                "lanes: {main: null} | minProperties",
            })
    void whatCannotRunIsNotRendered(String values, String message) {
        String whole = values.startsWith("config") ? values : Samples.MINIMAL + values;

        assertThatThrownBy(() -> Chart.render("main", whole)).hasMessageContaining(message);
    }

    @Test
    void aSmallWikiWithoutAWayInIsRefused() {
        String values = Samples.EMBEDDED + "  intake: {enabled: false}\n";

        assertThatThrownBy(() -> Chart.render("wiki", values))
                .hasMessageContaining("config.intake.enabled must be left out");
    }

    @Test
    void aLaneThatNobodyWouldRunIsRefused() {
        String values = Samples.MINIMAL + "  lanes: {main: {}, video: {jobs: {a: {}}}}";

        assertThatThrownBy(() -> Chart.render("main", values))
                .hasMessageContaining("config.lanes.video: no pods would run it");
    }
}
