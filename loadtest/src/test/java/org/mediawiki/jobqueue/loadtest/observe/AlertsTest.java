package org.mediawiki.jobqueue.loadtest.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alerts that come with the chart: each is valid, tested, about metrics that there are, and has a runbook. */
final class AlertsTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final Path RULES = REPOSITORY.resolve("helm/jobqueue/alerts");
    private static final Path TESTS = Path.of("src/test/resources/alerts");
    private static final YAMLMapper YAML = new YAMLMapper();

    private record Alert(String name, String expression, String severity, Path runbook) {}

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "service"})
    void theirTestsPass(String group) {
        Promtool.Result check = Promtool.run(
                "", "check", "rules", RULES.resolve(group + ".yaml").toString());
        assertThat(check.exitCode()).as(check.output()).isZero();

        Promtool.Result result = Promtool.run(
                "", "test", "rules", TESTS.resolve(group + "_test.yaml").toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void eachHasATestInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        Set<String> fires = new TreeSet<>();
        Set<String> keepsQuiet = new TreeSet<>();
        for (String group : List.of("jobs", "service")) {
            JsonNode file = YAML.readTree(TESTS.resolve(group + "_test.yaml").toFile());
            for (JsonNode test : file.get("tests")) {
                for (JsonNode expected : test.get("alert_rule_test")) {
                    String name = expected.get("alertname").asText();
                    (expected.get("exp_alerts").isEmpty() ? keepsQuiet : fires).add(name);
                }
            }
        }

        assertThat(fires).containsExactlyInAnyOrderElementsOf(names());
        assertThat(keepsQuiet).containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    void eachHasARunbookThatTheIndexNames() throws IOException {
        String index = Files.readString(REPOSITORY.resolve("docs/runbooks/README.md"));

        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.runbook()).isRegularFile();
            assertThat(alert.runbook()).content().contains("## What it means", "## What to look at", "## What to turn");
            assertThat(alert.runbook()).content().contains("`" + alert.name() + "`");
            assertThat(index).contains("(" + alert.runbook().getFileName() + ")");
            assertThat(alert.severity()).isIn("critical", "warning");
        });
    }

    @Test
    void eachAsksForMetricsThatAreDocumented() throws IOException {
        String page = Files.readString(REPOSITORY.resolve("docs/metrics.md"));

        assertThat(alerts())
                .allSatisfy(alert -> assertThat(PromQl.metrics(alert.expression()))
                        .isNotEmpty()
                        .allSatisfy(metric -> assertThat(page).contains("`" + PromQl.family(metric) + "`")));
    }

    private static Set<String> names() throws IOException {
        return alerts().stream().map(Alert::name).collect(Collectors.toSet());
    }

    private static List<Alert> alerts() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (String group : List.of("jobs", "service")) {
            JsonNode file = YAML.readTree(RULES.resolve(group + ".yaml").toFile());
            for (JsonNode rule : file.get("groups").get(0).get("rules")) {
                alerts.add(new Alert(
                        rule.get("alert").asText(),
                        rule.get("expr").asText(),
                        rule.get("labels").get("severity").asText(),
                        REPOSITORY.resolve(
                                rule.get("annotations").get("runbook").asText())));
            }
        }
        return alerts;
    }
}
