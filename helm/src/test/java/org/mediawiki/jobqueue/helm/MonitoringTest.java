package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.MESH;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Prometheus and Grafana get, and that it asks for what there is. */
class MonitoringTest {

    /** Names of ours and of the process; in templates names of files and functions have a dot or a dash after the prefix. */
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:cpjobqueue|jobqueue|jvm|process|system|logback)_[a-z]\\w*");

    private static final Pattern SELECTOR = Pattern.compile("(" + METRIC.pattern() + ")\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");

    /** Labels that Prometheus gives, or that are part of the format. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "le", "quantile");

    private static final DocumentedMetrics METRICS = DocumentedMetrics.read();

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Chart.FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyMetricThatTheChartNamesIsDocumented(Path file) throws IOException {
        Set<String> unknown = METRIC.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .filter(name -> !METRICS.has(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unknown).isEmpty();
    }

    /** A label that a metric does not have makes a query that is valid and never finds anything. */
    @ParameterizedTest
    @MethodSource("files")
    void everyLabelThatAMetricIsChosenByIsOneOfIts(Path file) throws IOException {
        Set<String> unknown = new TreeSet<>();
        String text = Files.readString(file).replace("\\\"", "\"").replaceAll("\"[^\"\n{}]*\"", "\"\"");
        SELECTOR.matcher(text).results().forEach(selector -> {
            Set<String> labels = new HashSet<>(METRICS.labels(selector.group(1)));
            labels.addAll(OF_PROMETHEUS);
            MATCHER.matcher(selector.group(2))
                    .results()
                    .map(matcher -> matcher.group(1))
                    .filter(label -> !labels.contains(label))
                    .forEach(label -> unknown.add(selector.group(1) + ": " + label));
        });

        assertThat(unknown).isEmpty();
    }

    @Test
    void theFilesOfTheChartDoNameMetrics() throws IOException {
        Map<String, Long> named = files().stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString(),
                        file -> METRIC.matcher(read(file)).results().count(),
                        Long::sum));

        assertThat(named.get("overview.json")).isGreaterThan(10);
        assertThat(named.get("jobs.yaml")).isGreaterThan(10);
        assertThat(named.get("values.yaml")).isEqualTo(1);
    }

    @Test
    void prometheusFindsThePodsAsItIsTold() {
        Manifests annotated = Chart.render("main", MINIMAL + MESH);
        Manifests monitored =
                Chart.render("main", MINIMAL + MESH + "monitoring: {scrape: serviceMonitor, labels: {team: jobs}}");

        assertThat(annotated.pods().get(0).getMetadata().getAnnotations())
                .containsEntry("prometheus.io/scrape", "true")
                .containsEntry("prometheus.io/port", "9102")
                .containsEntry("envoyproxy.io/scrape", "true")
                .containsEntry("envoyproxy.io/port", "9902");
        assertThat(monitored.pods().get(0).getMetadata().getAnnotations())
                .doesNotContainKeys("prometheus.io/scrape", "envoyproxy.io/scrape");
        ServiceMonitor monitor = monitored.only(ServiceMonitor.class);
        assertThat(monitor.getMetadata().getLabels()).containsEntry("team", "jobs");
        assertThat(monitor.getSpec().getEndpoints())
                .extracting(Endpoint::getPath)
                .containsExactly("/metrics", "/stats/prometheus");
        assertThat(monitor.getSpec().getEndpoints().get(0).getPort()).isEqualTo("admin");
    }

    /** Alerts compare what instances hear of each other with how many of the job there are. */
    @ParameterizedTest
    @CsvSource({"'', cpjobqueue", "'  service: cpjobqueue-staging', cpjobqueue-staging", "'  service: \"2.0_\"', 2.0"})
    void allReleasesOfAFleetAreOneJob(String service, String job) {
        for (String release : List.of("main", "canary")) {
            Manifests manifests = Chart.render(release, MINIMAL + service + "\nmonitoring: {scrape: serviceMonitor}");

            String label = manifests.only(ServiceMonitor.class).getSpec().getJobLabel();
            assertThat(manifests.service("jobqueue-" + release).getMetadata().getLabels())
                    .containsEntry(label, job);
            assertThat(References.dangling(manifests)).isEmpty();
        }
    }

    @Test
    void everyDashboardAndEveryAlertFileIsBrought() throws IOException {
        Manifests manifests =
                Chart.render("main", MINIMAL + "monitoring: {dashboards: {enabled: true}, rules: {enabled: true}}");

        assertThat(manifests.all(ConfigMap.class))
                .filteredOn(map -> map.getMetadata().getLabels().containsKey("grafana_dashboard"))
                .hasSameSizeAs(files("dashboards"));
        assertThat(manifests.all(PrometheusRule.class))
                .hasSameSizeAs(files("alerts"))
                .allSatisfy(rule -> assertThat(rule.getSpec().getGroups()).isNotEmpty());
    }

    @Test
    void eachAlertCarriesWhatTheSiteRoutesAndClicks() {
        List<Rule> rules = rules("""
                alertLabels: {team: jobs, severity: page}
                runbookBaseUrl: https://git.example.org/docs/runbooks/
                dashboardBaseUrl: https://grafana.example.org
                """);

        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getLabels()).containsEntry("team", "jobs");
            assertThat(rule.getLabels().get("severity"))
                    .as("what the alert says itself")
                    .isIn("critical", "warning", "info");
            assertThat(rule.getAnnotations().get("runbook_url"))
                    .isEqualTo(
                            "https://git.example.org/" + rule.getAnnotations().get("runbook"));
            assertThat(rule.getAnnotations().get("dashboard")).startsWith("https://grafana.example.org/d/jobqueue-");
        });
        assertThat(rules)
                .filteredOn(rule -> rule.getAlert().equals("JobQueueJobsFail"))
                .extracting(rule -> rule.getAnnotations().get("dashboard"))
                .containsExactly("https://grafana.example.org/d/jobqueue-type"
                        + "?var-job={{ $labels.job }}&var-type={{ $labels.type }}");
    }

    @Test
    void withoutASiteTheyAreAsTheyStandInTheFilesButForTheNameOfADashboard() throws IOException {
        List<Rule> rules = rules("labels: {team: jobs}");

        List<JsonNode> expected = new ArrayList<>();
        for (Path file : files("alerts").stream().sorted().toList()) {
            JsonNode group = Samples.yaml(Files.readString(file)).at("/groups/0/rules");
            group.forEach(rule -> ((ObjectNode) rule.get("annotations")).remove("dashboard"));
            group.forEach(expected::add);
        }
        assertThat(rules.stream().map(Manifests::json)).isEqualTo(expected);
    }

    /** In the order of the files. */
    private static List<Rule> rules(String values) {
        String indented = values.strip().indent(4);
        return Chart.render("main", MINIMAL + "monitoring:\n  rules:\n    enabled: true\n" + indented)
                .all(PrometheusRule.class)
                .stream()
                .flatMap(rule -> rule.getSpec().getGroups().stream())
                .flatMap(group -> group.getRules().stream())
                .toList();
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Chart.FOLDER.resolve(folder))) {
            return files.toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
