package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.MESH;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
