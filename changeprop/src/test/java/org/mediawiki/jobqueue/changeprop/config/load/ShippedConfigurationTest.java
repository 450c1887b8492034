package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneTypes;
import org.mediawiki.jobqueue.changeprop.config.OwnTopicsConfig;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Loaded;

/** The files in {@code config/}. */
class ShippedConfigurationTest {

    private static final Schema SCHEMA = Schema.ofConfiguration();
    private static final Path FOLDER = Path.of("..", "config");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValidOnAMachineThatHasTheFilesItNames(Path file) {
        LoadResult result = loader().load(file);

        assertThat(result).isInstanceOf(Loaded.class);
    }

    @Test
    void theFileOfASmallWikiNeedsNoKafka() {
        LoadResult result = ConfigurationLoader.standalone(Map.of(), anyFile -> true, "127.0.0.1:9")
                .load(FOLDER.resolve("systemd/standalone.yaml"));

        Configuration configuration = ((Loaded) result).configuration();
        assertThat(configuration.kafka().bootstrapServers()).containsExactly("127.0.0.1:9");
        assertThat(configuration.kafka().ownTopics()).isEqualTo(new OwnTopicsConfig(1, 1));
        assertThat(configuration.intake().enabled()).isTrue();
        assertThat(configuration.scheduler().folder()).isEqualTo(Path.of("/var/lib/jobqueue/scheduler"));
        assertThat(configuration.targets().values())
                .allSatisfy(target -> assertThat(target.protocol()).isEqualTo(TargetConfig.Protocol.REST));
        assertThat(new EffectiveConfig(configuration)
                        .policyFor("main", "any")
                        .settings()
                        .concurrency())
                .isEqualTo(4);
    }

    @Test
    void aSmallWikiCannotHaveAnotherKafka() {
        LoadResult result = ConfigurationLoader.standalone(Map.of(), anyFile -> true, "127.0.0.1:9")
                .load(FOLDER.resolve("jobqueue.yaml"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        LoadResult.Refused.class,
                        refused -> assertThat(refused.problems())
                                .first()
                                .satisfies(problem -> assertThat(problem.rule()).isEqualTo("must be left out")));
    }

    @Test
    void wikimediasRefreshLinksRunsThirtyPerSection() {
        EffectiveConfig config = wikimedia();

        assertThat(config.policyFor("main", "refreshLinks").settings().perSection())
                .isEqualTo(30);
        assertThat(config.configuration().sections().values()).contains("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
    }

    @Test
    void wikimediasTranscodesHaveADayAndAPlaceOfTheirOwn() {
        EffectiveConfig config = wikimedia();
        JobTypeConfig prioritized =
                config.policyFor("videoscaler", "webVideoTranscodePrioritized").settings();
        JobTypeConfig normal =
                config.policyFor("videoscaler", "webVideoTranscode").settings();

        assertThat(config.consumerGroup("videoscaler")).isEqualTo("cpjobqueue-videoscaler");
        assertThat(config.lane("videoscaler").target())
                .isNotEqualTo(config.lane("main").target());
        assertThat(config.lane("videoscaler").concurrency()).isEqualTo(15);
        assertThat(config.typesOf("videoscaler"))
                .isEqualTo(new LaneTypes.Only(Set.of("webVideoTranscodePrioritized", "webVideoTranscode")));
        assertThat(List.of(prioritized.concurrency(), normal.concurrency())).containsExactly(8, 15);
        assertThat(prioritized.priority()).isGreaterThan(normal.priority());
        assertThat(normal.retry().limit()).isEqualTo(1);
        assertThat(List.of(prioritized.timeout(), normal.timeout())).containsOnly(Duration.ofHours(24));
    }

    @Test
    void theNewcomersFileIsValidWithEverythingThatIsCommentedOut() throws IOException {
        assertThat(loader().parse(uncommented())).isInstanceOf(Loaded.class);
    }

    @Test
    void theNewcomersFileShowsEveryKey() throws IOException {
        Set<String> known = new TreeSet<>();
        for (JsonNode definition : SCHEMA.root().findValues("properties")) {
            definition.fieldNames().forEachRemaining(known::add);
        }
        Set<String> shown = new TreeSet<>();
        collectKeys(new YAMLMapper().readTree(uncommented()), shown);

        assertThat(shown).containsAll(known);
    }

    @Test
    void theNewcomersFileCommentsOutNothingButDefaults() throws IOException {
        JsonNode said =
                new YAMLMapper().readTree(FOLDER.resolve("jobqueue.yaml").toFile());
        Map<JsonPointer, String> shown = new HashMap<>();
        collectValues(new YAMLMapper().readTree(uncommented()), JsonPointer.empty(), shown);

        shown.forEach((path, value) -> {
            JsonNode byDefault = SCHEMA.at(path).path("default");
            if (said.at(path).isMissingNode() && !byDefault.isMissingNode()) {
                assertThat(value).as(path.toString()).isEqualTo(byDefault.asText());
            }
        });
    }

    private static EffectiveConfig wikimedia() {
        return loader().load(FOLDER.resolve("wikimedia.yaml"))
                .match(loaded -> new EffectiveConfig(loaded.configuration()), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }

    /** In that file "#key" and "#  key" are YAML, "# Word" is prose. */
    private static String uncommented() throws IOException {
        return Files.readString(FOLDER.resolve("jobqueue.yaml")).replaceAll("(?m)^( *)#(?=\\S|  )", "$1");
    }

    private static void collectKeys(JsonNode node, Set<String> keys) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            keys.add(entry.getKey());
            collectKeys(entry.getValue(), keys);
        }
    }

    private static void collectValues(JsonNode node, JsonPointer at, Map<JsonPointer, String> values) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonPointer here = at.appendProperty(entry.getKey());
            if (entry.getValue().isValueNode()) {
                values.put(here, entry.getValue().asText());
            }
            collectValues(entry.getValue(), here, values);
        }
    }

    private static ConfigurationLoader loader() {
        return new ConfigurationLoader(Map.of(), unusedFile -> true);
    }
}
