package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.config.DataSize;

final class ScenariosTest {

    static List<String> shipped() {
        return Scenarios.names();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedScenarioIsValidAndSaysWhatItShows(String name) {
        Scenario scenario = Scenarios.named(name);

        assertThat(scenario.about()).isNotBlank();
        assertThat(scenario.load()).isNotEmpty();
    }

    /** A table without broken promises says something where something was promised. */
    @Test
    void whatWasAimedAtIsPromised() {
        assertThat(expectations("throughput-http2").memory()).isEqualTo(DataSize.ofMebibytes(350));
        assertThat(expectations("utilisation-200").memory()).isEqualTo(DataSize.ofMebibytes(350));
        assertThat(expectations("big-payloads").memory()).isEqualTo(DataSize.ofMebibytes(400));
        assertThat(expectations("long-jobs").p99()).isEqualTo(Duration.ofSeconds(1));
        assertThat(expectations("latency").p99()).isEqualTo(Duration.ofMillis(100));
        assertThat(expectations("latency").firstJob()).isEqualTo(Duration.ofSeconds(20));
        assertThat(expectations("idle").cpu()).isEqualTo(0.08);
        assertThat(expectations("idle-production").cpu()).isEqualTo(0.08);
        assertThat(expectations("rolling-restart").accounts()).isTrue();
        assertThat(expectations("scale").accounts()).isTrue();
    }

    private static Expectations expectations(String scenario) {
        return Scenarios.named(scenario).expect();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Scenario scenario = Scenarios.parse("short", "{about: short, load: [{types: [a], backlog: 1}]}");

        assertThat(scenario.brokers()).isEqualTo(1);
        assertThat(scenario.dispatcher().instances()).isEqualTo(1);
        assertThat(scenario.drain()).isEqualTo(Duration.ofSeconds(60));
        assertThat(scenario.load().get(0).params()).isEqualTo(SizeRange.always(new DataSize(1_000)));
        assertThat(scenario.loadLength()).isZero();
    }

    @Test
    void aRangeIsSpelledOutInListsAndKeys() {
        Scenario scenario = Scenarios.parse(
                "many",
                "{about: many, dispatcher: {jobs: {'b{08..10}x': {concurrency: 2}}}, load: [{types: [a, 'b{08..10}x'], backlog: 1}]}");

        assertThat(scenario.types()).containsExactly("a", "b08x", "b09x", "b10x");
        assertThat(scenario.dispatcher().limitOf("b09x")).contains(2);
        assertThat(scenario.dispatcher().sumOfLimits()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{about: x, laod: []} | laod",
                "{about: x, drain: 60} | drain",
                "{about: x, load: [{types: [a]}]} | either backlog or rate",
                "{about: x, load: [{types: [a], backlog: 1, rate: 1/s, for: 1s}]} | either backlog or rate",
                "{about: x, load: [{types: [a], rate: 1/s}]} | needs for",
                "{about: x, load: [{types: [a], backlog: 1, delayed: 0.5}]} | needs delay_up_to",
                "{about: x, load: [{types: [a], backlog: 1, roots: 2}]} | load of [a] needs roots from 0 to 1, not 2.0",
                "{about: x, load: [{types: [a], backlog: 1, roots: many}]} | roots",
                "{about: x, load: [{types: [a], backlog: 1, sha1: -0.1}]} | load of [a] needs sha1 from 0 to 1, not -0.1",
                "{about: x, load: [{types: [a], backlog: 1, delayed: 5}]} | needs delay",
                "{about: x, load: [{types: [a], rate: 1/s, for: 1s, duplicates: 1.5}]} | needs duplicates from 0 to 1",
                "{about: x, load: [{types: [a], backlog: 1, params: 400}]} | must be a size above zero with a unit",
                "{about: x, load: [{types: [a], backlog: 1, params: 400B-}]} | must be a size above zero with a unit",
                "{about: x, load: [{types: [a], backlog: 1, params: 4KiB-400B}]} | from the smaller to the larger size, not 4KiB-400B",
                "{about: x, load: [{types: [a], backlog: 1, params: 1KiB-1GiB}]} | must be 8MiB or less, not 1GiB",
                "{about: x, load: [{types: [a], rate: 1/s, for: 1s, duplicates: 0.1}], expect: {once_per_id: true}} | needs duplicates_after",
                "{about: x, events: [{at: 1s, kill: 0, start: 0}]} | an event needs at, and one of",
                "{about: x, events: [{at: 1s, refuse: true}]} | needs for",
                "{about: x, events: [{at: 1s, for: 1s, kill: 0}]} | has no for",
                "{about: x, events: [{at: 1s, kill: first}]} | kill needs a number",
                "{about: x, events: [{at: 1s, explode: 0}]} | explode",
                "{about: x, events: [{at: 1s, for: 1s, limit: {type: a}}]} | limit.concurrency needs a number",
                "{about: x, length: 9s, events: [{at: 9s, kill: 0}]} | over after PT9S, the load after PT9S",
                "{about: x, length: 9s, events: [{at: 8s, for: 3s, refuse: true}]} | over after PT11S, the load after PT9S",
                "{load: []} | about",
            })
    void whatIsWrongIsToldWithItsPlace(String yaml, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenarios.parse("mine.yaml", yaml))
                .withMessageContaining("mine.yaml")
                .withMessageContaining(said);
    }

    /** Both would run when they are due. */
    @Test
    void whatComesAgainBeforeItIsDueIsNotPromisedToRunOnce() {
        String yaml = """
                about: x
                load: [{types: [a], rate: 1/s, for: 1s, delayed: 1, delay_up_to: 10s, duplicates: 1, duplicates_after: %s}]
                expect: {once_per_id: true}
                """;

        assertThat(Scenarios.parse("later", yaml.formatted("11s")).expect().oncePerId())
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenarios.parse("earlier", yaml.formatted("9s")))
                .withMessageContaining("longer than delay_up_to");
    }

    @Test
    void restIsMeasuredWithTheLimitsThatAreShipped() throws Exception {
        JsonNode shipped = new YAMLMapper()
                .readTree(Path.of("..", "config", "wikimedia.yaml").toFile())
                .path("lanes");
        Scenario.DispatcherSpec measured = Scenarios.named("idle-production").dispatcher();

        assertThat(measured.jobs())
                .containsExactlyInAnyOrderEntriesOf(fields(shipped.path("main").path("jobs")));
        assertThat(measured.config().at("/lanes/main/low_traffic"))
                .isEqualTo(shipped.path("main").path("low_traffic"));
        assertThat(measured.config().at("/lanes/videoscaler/jobs"))
                .isEqualTo(shipped.path("videoscaler").path("jobs"));
    }

    /** Other scenarios have one partition and no mirror, so that there is less to wait for. */
    @Test
    void restIsMeasuredWithThePartitionsAndTheMirrorThatAreShipped() {
        JsonNode kafka =
                Scenarios.named("idle-production").dispatcher().config().path("kafka");

        assertThat(kafka.at("/own_topics/partitions").asInt()).isEqualTo(8);
        assertThat(kafka.path("mirror_legacy_offsets").asBoolean()).isTrue();
    }

    private static Map<String, JsonNode> fields(JsonNode node) {
        return node.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void aFileIsAScenarioToo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "{about: mine}");

        assertThat(Scenarios.named(file.toString()).about()).isEqualTo("mine");
    }

    @Test
    void whatIsNeitherIsRefusedWithTheNamesThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenarios.named("nonsense"))
                .withMessageContaining("throughput");
    }
}
