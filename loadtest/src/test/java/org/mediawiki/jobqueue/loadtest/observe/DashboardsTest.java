package org.mediawiki.jobqueue.loadtest.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Ddashboards.update=true} writes them anew of {@code src/test/resources/dashboards}. */
final class DashboardsTest {

    private static final Path SOURCES = Path.of("src/test/resources/dashboards");
    private static final Path METRICS_PAGE = Path.of("..", "docs", "metrics.md");

    @ParameterizedTest
    @ValueSource(strings = {"overview", "type", "fleet", "kafka", "intake"})
    void theCommittedOnesAreThoseOfTheirSources(String name) throws IOException {
        JsonNode source =
                new YAMLMapper().readTree(SOURCES.resolve(name + ".yaml").toFile());
        Path committed = Dashboards.FOLDER.resolve(name + ".json");
        String generated = print(GrafanaJson.of(source));
        if (Boolean.getBoolean("dashboards.update")) {
            Files.writeString(committed, generated);
        }

        assertThat(committed).hasContent(generated);
    }

    @Test
    void theirIdsAreUniqueAndTheyLinkToEachOther() {
        assertThat(Dashboards.all())
                .hasSize(5)
                .extracting(dashboard -> dashboard.get("uid").asText())
                .doesNotHaveDuplicates();
        assertThat(Dashboards.all()).allSatisfy(dashboard -> {
            assertThat(dashboard.get("tags").get(0).asText()).isEqualTo("jobqueue");
            assertThat(dashboard.get("links").get(0).get("tags").get(0).asText())
                    .isEqualTo("jobqueue");
        });
    }

    @Test
    void panelsDoNotOverlapAndFillTheirLines() {
        for (JsonNode dashboard : Dashboards.all()) {
            Set<List<Integer>> taken = new HashSet<>();
            Set<Integer> ids = new HashSet<>();
            for (JsonNode panel : dashboard.get("panels")) {
                assertThat(ids.add(panel.get("id").asInt())).isTrue();
                assertThat(cells(panel)).as(panel.get("title").asText()).allMatch(taken::add);
            }
            int lines = taken.stream().mapToInt(cell -> cell.get(1)).max().orElseThrow() + 1;
            assertThat(taken).as("no holes in " + dashboard.get("title")).hasSize(24 * lines);
        }
    }

    @Test
    void everyPanelSaysWhatItShowsAndInWhichUnit() {
        for (JsonNode panel : panels()) {
            assertThat(panel.get("description").asText())
                    .as(panel.get("title").asText())
                    .endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .isIn("ops", "short", "s", "percentunit", "bytes", "Bps");
            assertThat(panel.get("targets")).isNotEmpty();
        }
    }

    @Test
    void everyQueryAsksForDocumentedMetricsOfOneService() throws IOException {
        String page = Files.readString(METRICS_PAGE);

        assertThat(Dashboards.queries()).hasSizeGreaterThan(60).allSatisfy(query -> {
            assertThat(query).contains("{job=\"$job\"");
            assertThat(PromQl.metrics(query))
                    .isNotEmpty()
                    .allSatisfy(metric -> assertThat(page).contains("`" + PromQl.family(metric) + "`"));
        });
    }

    /** Other processes of the same scrape job, such as an exporter in Java, have metrics by these names too. */
    @Test
    void whatEveryProcessHasIsAskedOfOursAlone() {
        assertThat(Dashboards.queries())
                .filteredOn(query -> query.matches(".*\\b(?:jvm|process|system|logback)_.*"))
                .hasSize(8)
                .allSatisfy(query ->
                        assertThat(query).contains(" and on (job, instance) jobqueue_build_info{job=\"$job\"}"));
    }

    /** The label {@code rule} has {@code -} where the type has a dot or an underscore. */
    @ParameterizedTest
    @CsvSource({"refreshLinks, refreshLinks", "wikibase-InjectRCRecords, wikibase-InjectRCRecords", "a_b.c_d, a-b-c-d"})
    void aTypeIsAskedForAsLegacyMetricsHaveIt(String type, String ruleType, @TempDir Path folder) throws IOException {
        String query = variable("jobqueue-type", "ruletype").get("query").asText();
        String expression = query.substring("query_result(".length(), query.length() - 1)
                .replace("$job", "q")
                .replace("$type", type);
        Path test = Files.writeString(folder.resolve("test.yaml"), """
                tests:
                  - input_series: [{series: 'jobqueue_records_polled_total{job="q",type="%1$s"}', values: '7'}]
                    promql_expr_test:
                      - expr: '%2$s'
                        eval_time: 0m
                        exp_samples: [{labels: '{type="%1$s",rule="%3$s"}', value: 1}]
                """.formatted(type, expression, ruleType));

        Promtool.Result result = Promtool.run("", "test", "rules", test.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Dashboards.queries())
                .filteredOn(asked -> asked.contains("-mediawiki-job-"))
                .isNotEmpty()
                .noneMatch(asked -> asked.contains("-mediawiki-job-$type"));
    }

    private static JsonNode variable(String uid, String name) {
        for (JsonNode dashboard : Dashboards.all()) {
            for (JsonNode variable : dashboard.at("/templating/list")) {
                if (dashboard.get("uid").asText().equals(uid)
                        && variable.get("name").asText().equals(name)) {
                    return variable;
                }
            }
        }
        throw new AssertionError("no variable " + name + " in " + uid);
    }

    private static List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode dashboard : Dashboards.all()) {
            dashboard.get("panels").forEach(panel -> {
                if (!panel.get("type").asText().equals("row")) {
                    panels.add(panel);
                }
            });
        }
        return panels;
    }

    private static List<List<Integer>> cells(JsonNode panel) {
        JsonNode at = panel.get("gridPos");
        List<List<Integer>> cells = new ArrayList<>();
        for (int dx = 0; dx < at.get("w").asInt(); dx++) {
            for (int dy = 0; dy < at.get("h").asInt(); dy++) {
                cells.add(List.of(at.get("x").asInt() + dx, at.get("y").asInt() + dy));
            }
        }
        return cells;
    }

    private static String print(JsonNode dashboard) throws IOException {
        DefaultIndenter unixLines = new DefaultIndenter("  ", "\n");
        return new ObjectMapper()
                        .writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(unixLines)
                                .withArrayIndenter(unixLines))
                        .writeValueAsString(dashboard)
                + "\n";
    }
}
