package org.mediawiki.jobqueue.loadtest.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The alerts that come with the chart: each is valid, tested, about metrics that there are, and has a runbook. */
final class AlertsTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final Path RULES = REPOSITORY.resolve("helm/jobqueue/alerts");
    private static final Path TESTS = Path.of("src/test/resources/alerts");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Files with rules. */
    private static final List<String> GROUPS = List.of("jobs", "service");

    /** Files with tests: those of each group, and of both what takes hours to show. */
    private static final List<String> TESTED = List.of("jobs", "service", "hours");

    /** {@code uid?var-name=value&...}, as Grafana has it below {@code /d/}. */
    private static final Pattern LINK = Pattern.compile("([\\w-]+)(?:\\?(.*))?");

    private record Alert(String name, String expression, String severity, Path runbook, String dashboard) {}

    @ParameterizedTest
    @FieldSource("GROUPS")
    void theyAreRules(String group) {
        Promtool.Result check = Promtool.run(
                "", "check", "rules", RULES.resolve(group + ".yaml").toString());

        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @ParameterizedTest
    @FieldSource("TESTED")
    void theirTestsPass(String group) {
        Promtool.Result result = Promtool.run(
                "", "test", "rules", TESTS.resolve(group + "_test.yaml").toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void eachHasATestInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        Set<String> fires = new TreeSet<>();
        Set<String> keepsQuiet = new TreeSet<>();
        for (String group : TESTED) {
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
            assertThat(alert.severity()).isIn("critical", "warning", "info");
        });
    }

    /** The chart makes a link of it: to a dashboard that there is, with variables that it has. */
    @Test
    void eachLeadsToADashboard() throws IOException {
        Map<String, Set<String>> variables = new HashMap<>();
        Dashboards.all().forEach(dashboard -> {
            Set<String> names = new TreeSet<>();
            dashboard
                    .at("/templating/list")
                    .forEach(variable -> names.add("var-" + variable.get("name").asText()));
            variables.put(dashboard.get("uid").asText(), names);
        });

        assertThat(alerts()).allSatisfy(alert -> {
            Matcher link = LINK.matcher(alert.dashboard());
            assertThat(link.matches()).as(alert.dashboard()).isTrue();
            assertThat(variables).containsKey(link.group(1));
            assertThat(variables.get(link.group(1))).containsAll(variables(link.group(2)));
        });
    }

    private static List<String> variables(@Nullable String query) {
        return query == null
                ? List.of()
                : Arrays.stream(query.split("&", -1))
                        .map(pair -> pair.substring(0, pair.indexOf('=')))
                        .toList();
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
        for (String group : GROUPS) {
            JsonNode file = YAML.readTree(RULES.resolve(group + ".yaml").toFile());
            for (JsonNode rule : file.get("groups").get(0).get("rules")) {
                alerts.add(new Alert(
                        rule.get("alert").asText(),
                        rule.get("expr").asText(),
                        rule.get("labels").get("severity").asText(),
                        REPOSITORY.resolve(
                                rule.get("annotations").get("runbook").asText()),
                        rule.get("annotations").get("dashboard").asText()));
            }
        }
        return alerts;
    }
}
