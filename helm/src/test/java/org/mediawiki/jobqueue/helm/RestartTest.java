package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Reload;
import org.mediawiki.jobqueue.changeprop.config.Setting;

/** A change of the configuration replaces the pods only where the service, asked itself, could not take it over. */
class RestartTest {

    private static final Reload.Lanes OF_THE_POD = new Reload.Lanes(Set.of("main"), false);

    /** A change of each key at the top of the file; what is there already is replaced. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("service", "service: other"),
            Map.entry("dc", "dc: codfw"),
            Map.entry("kafka", "kafka: {bootstrap_servers: ['kafka:9092'], first_start: latest}"),
            Map.entry("server_groups", "server_groups: {mw-debug: {host: mw-debug.example.org, port: 4444}}"),
            Map.entry("targets", "targets: {runner: {uri: 'https://other.example.org/', timeout: 5s}}"),
            Map.entry("lanes", "lanes: {main: {low_traffic: {concurrency: 7}}}"),
            Map.entry("sections", "sections: {enwiki: s1}"),
            Map.entry("retry", "retry: {limit: 7}"),
            Map.entry("breaker", "breaker: {minimum_calls: 77}"),
            Map.entry("dedupe", "dedupe: {store: 'off'}"),
            Map.entry("scheduler", "scheduler: {memory: 77MiB}"),
            Map.entry("readonly_hold", "readonly_hold: 77s"),
            Map.entry("delay_limit", "delay_limit: 77d"),
            Map.entry("drain_timeout", "drain_timeout: 29s"),
            Map.entry("intake", "intake: {enabled: true}"),
            Map.entry("standalone", "standalone: {folder: /elsewhere}"),
            Map.entry("admin", "admin: {port: 9103}"),
            Map.entry("tracing", "tracing: {endpoint: 'http://127.0.0.1:4318/v1/traces'}"));

    static Stream<String> keys() {
        return CHANGES.keySet().stream().sorted();
    }

    @Test
    void everyKeyOfTheFileIsTried() {
        // The name of a pod changes with the pod, and Helm refuses another: see CombinationsTest.
        Set<String> tried = new HashSet<>(CHANGES.keySet());
        tried.add("instance");

        assertThat(tried).isEqualTo(components().map(RestartTest::key).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void podsAreReplacedExactlyForWhatTheServiceCannotTakeOver(String key) {
        Manifests before = Chart.render("main", MINIMAL);
        Manifests after = Chart.render("main", with(key));

        List<String> needRestart = Reload.of(
                        Configurations.parse(before.configuration()),
                        Configurations.parse(after.configuration()),
                        OF_THE_POD)
                .needRestart();

        assertThat(before.configuration()).isNotEqualTo(after.configuration());
        assertThat(needRestart).isEqualTo(needsRestart(key) ? List.of(key) : List.of());
        assertThat(before.pods().equals(after.pods())).isEqualTo(needRestart.isEmpty());
    }

    private static String with(String key) {
        String others = MINIMAL.lines()
                .filter(line -> !line.startsWith("  " + key + ":"))
                .collect(Collectors.joining("\n"));
        return others + "\n  " + CHANGES.get(key) + "\n";
    }

    private static boolean needsRestart(String key) {
        return components()
                .filter(component -> key(component).equals(key))
                .anyMatch(component -> component.getAnnotation(Setting.class).restart());
    }

    private static Stream<RecordComponent> components() {
        return Arrays.stream(Configuration.class.getRecordComponents());
    }

    private static String key(RecordComponent component) {
        return new SnakeCaseStrategy().translate(component.getName());
    }

    /** Its own process keeps it as well, without naming it. */
    @Test
    void theDrainOfALaneReplacesThePodsOfThatLaneOnly() {
        String lanes = """
                  lanes:
                    main: {target: runner}
                    video: {target: runner, drain_timeout: %s, jobs: {webVideoTranscode: {}}}
                lanes: {video: {terminationGracePeriodSeconds: 30000}}
                """;
        Manifests before = Chart.render("main", MINIMAL + lanes.formatted("6h"));
        Manifests after = Chart.render("main", MINIMAL + lanes.formatted("7h"));

        assertThat(template(after, "main")).isEqualTo(template(before, "main"));
        assertThat(template(after, "video")).isNotEqualTo(template(before, "video"));
    }

    @Test
    void aLaneThatIsAddedReplacesNoPodOfTheOthers() {
        Manifests before = Chart.render("main", MINIMAL);
        Manifests after = Chart.render("main", MINIMAL + """
                  lanes: {main: {target: runner}, video: {target: runner, jobs: {webVideoTranscode: {}}}}
                lanes: {video: {}}
                """);

        assertThat(template(after, "main")).isEqualTo(template(before, "main"));
    }

    @Test
    void theOneProcessOfASmallWikiIsReplacedForAnotherLane() {
        PodTemplateSpec before = Samples.pod(Samples.EMBEDDED);
        PodTemplateSpec after = Samples.pod(Samples.EMBEDDED + """
                  lanes: {main: {target: runner}, video: {target: runner, jobs: {webVideoTranscode: {}}}}
                """);

        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void norDoesItTakeTheDrainOfAnyOfItsLanesOver() {
        String lanes = """
                  lanes: {main: {target: runner}, video: {target: runner, drain_timeout: %s, jobs: {webVideoTranscode: {}}}}
                """;
        PodTemplateSpec before = Samples.pod(Samples.EMBEDDED + lanes.formatted("10s"));
        PodTemplateSpec after = Samples.pod(Samples.EMBEDDED + lanes.formatted("11s"));
        PodTemplateSpec ofHours = Samples.pod(Samples.EMBEDDED + lanes.formatted("6h"));

        assertThat(after).isNotEqualTo(before);
        assertThat(before.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(45);
        assertThat(ofHours.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(6 * 3600 + 15);
    }

    /** It watches its file as the others do. */
    @Test
    void aLimitDoesNotReplaceTheOneProcessOfASmallWiki() {
        PodTemplateSpec before = Samples.pod(Samples.EMBEDDED);
        PodTemplateSpec after = Samples.pod(Samples.EMBEDDED + "  lanes: {main: {low_traffic: {concurrency: 7}}}");

        assertThat(after).isEqualTo(before);
    }

    private static PodTemplateSpec template(Manifests manifests, String lane) {
        return manifests.deployment("jobqueue-main-" + lane).getSpec().getTemplate();
    }

    @Test
    void operatorsAreToldTheSameKeys() throws IOException {
        String row = Files.readString(Path.of("..", "docs", "operations.md"))
                .lines()
                .filter(line -> line.startsWith("| something changed that needs a restart"))
                .findFirst()
                .orElseThrow();

        assertThat(components())
                .allSatisfy(component -> assertThat(row.contains("`" + key(component) + "`"))
                        .as(key(component))
                        .isEqualTo(component.getAnnotation(Setting.class).restart()));
    }

    @Test
    void theConfigurationIsMountedAsAFolderSoThatItIsUpdatedUnderTheService() {
        PodTemplateSpec pod = Samples.pod(MINIMAL);

        assertThat(Manifests.container(pod).getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("config"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getSubPath()).isNull());
        assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("config"))
                .extracting(Volume::getConfigMap)
                .extracting(source -> source.getName())
                .containsExactly("jobqueue-main-config");
    }
}
