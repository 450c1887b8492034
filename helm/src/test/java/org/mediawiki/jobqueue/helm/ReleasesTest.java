package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneTypes;

/** What {@code helmfile apply} would bring to each datacenter. */
class ReleasesTest {

    static List<Releases> all() {
        return Releases.all();
    }

    @Test
    void thereAreTwoReleasesInEachDatacenterAndOneInStaging() {
        assertThat(all())
                .extracting(Releases::toString)
                .containsExactlyInAnyOrder("eqiad main", "eqiad canary", "codfw main", "codfw canary", "staging main");
    }

    /** Without a registry nodes look for the image at Docker's; without a variable nothing is applied. */
    @ParameterizedTest
    @ValueSource(strings = {"deployment.md", "migration.md"})
    void theCommandsOfThePagesGiveWhatTheHelmfileAsksFor(String page) throws IOException {
        List<String> asked = Pattern.compile("requiredEnv \"(\\w+)\"")
                .matcher(Files.readString(Path.of("helmfile.yaml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<String> commands = Files.readAllLines(Path.of("..", "docs", page)).stream()
                .filter(line -> line.contains(" helmfile --file"))
                .toList();

        assertThat(asked).containsExactly("JOBQUEUE_IMAGE", "JOBQUEUE_IMAGE_TAG");
        assertThat(commands)
                .isNotEmpty()
                .allSatisfy(command -> assertThat(asked).allMatch(variable -> command.contains(variable + "=")));
    }

    /** A pod does not start without the ConfigMap that it mounts, and the chart does not make this one. */
    @ParameterizedTest
    @ValueSource(strings = {"deployment.md", "migration.md"})
    void thePagesSayHowTheAuthoritiesThatAreMountedComeThere(String page) throws IOException {
        Manifests manifests = release("eqiad main").render();
        List<String> maps = manifests.pods().get(0).getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("certificates"))
                .map(volume -> volume.getConfigMap().getName())
                .toList();
        Configuration configuration = Configurations.parse(manifests.configuration());

        assertThat(maps).containsExactly("wmf-ca-certificates");
        assertThat(configuration.kafka().client())
                .containsEntry("ssl.truststore.location", "/etc/ssl/certs/wmf-ca-certificates.crt");
        assertThat(Files.readString(Path.of("..", "docs", page)))
                .contains("create configmap wmf-ca-certificates --from-file=wmf-ca-certificates.crt=/");
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsRenderedThatKubernetesDoesNotKnow(Releases release) {
        Manifests manifests = release.render();

        assertThat(manifests.mistakes()).isEmpty();
        assertThat(References.dangling(manifests)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theServiceTakesTheConfigurationInTheConfigMap(Releases release) {
        Configuration configuration = Configurations.parse(release.render().configuration());

        assertThat(configuration.dc()).isEqualTo(release.environment());
        assertThat(configuration.kafka().bootstrapServers())
                .hasSize(5)
                .allSatisfy(broker ->
                        assertThat(broker).contains(release.environment().equals("codfw") ? ".codfw." : ".eqiad."));
    }

    @Test
    void eqiadsIsTheConfigurationThatIsShipped() {
        Configuration rendered =
                Configurations.parse(release("eqiad main").render().configuration());
        Configuration shipped = Configurations.load(Path.of("..", "config", "wikimedia.yaml"));

        assertThat(rendered)
                .usingRecursiveComparison()
                .ignoringFields("scheduler.folder", "instance", "admin.protectReads")
                .isEqualTo(shipped);
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachLaneHasItsWorkload(Releases release) {
        Manifests manifests = release.render();
        Configuration configuration = Configurations.parse(manifests.configuration());

        Map<String, List<String>> arguments = manifests.all(Deployment.class).stream()
                .collect(Collectors.toMap(
                        deployment -> deployment.getMetadata().getLabels().get("jobqueue/lane"),
                        deployment -> Manifests.container(deployment.getSpec().getTemplate())
                                .getArgs()));

        assertThat(arguments).containsOnlyKeys(configuration.lanes().keySet());
        assertThat(arguments)
                .allSatisfy((lane, args) -> assertThat(args)
                        .containsExactly("run", "--config=/etc/jobqueue/jobqueue.yaml", "--lane=" + lane));
    }

    @ParameterizedTest
    @MethodSource("all")
    void podsOfEachLaneMayEndCleanly(Releases release) {
        Manifests manifests = release.render();
        Configuration configuration = Configurations.parse(manifests.configuration());

        configuration.lanes().forEach((name, lane) -> {
            Duration own = lane.drainTimeout();
            Duration drain = own == null ? configuration.drainTimeout() : own;
            Deployment deployment = manifests.deployment("jobqueue-" + release.release() + "-" + name);
            assertThat(deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                    .isGreaterThan(drain.toSeconds() + 10);
        });
    }

    /** Where a namespace has a default CPU limit below the request, a pod without its own is refused. */
    @ParameterizedTest
    @MethodSource("all")
    void eachPodHasACpuLimitAboveWhatTheJvmCountsOn(Releases release) {
        assertThat(release.render().pods())
                .isNotEmpty()
                .extracting(pod -> Manifests.container(pod).getResources().getLimits())
                .allSatisfy(limits -> assertThat(limits)
                        .containsEntry("cpu", Quantity.parse("4"))
                        .containsEntry("memory", Quantity.parse("1536Mi")));
    }

    @Test
    void transcodesHaveHoursToEnd() {
        Deployment video = release("eqiad main").render().deployment("jobqueue-main-videoscaler");

        assertThat(video.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isGreaterThan(Duration.ofHours(6).toSeconds());
    }

    @Test
    void mainAndCanaryCanStandSideBySide() {
        List<String> main = release("eqiad main").render().names();
        List<String> canary = release("eqiad canary").render().names();

        assertThat(canary).isNotEmpty().doesNotContainAnyElementsOf(main);
    }

    @Test
    void mainAndCanaryAreOneFleet() {
        assertThat(release("eqiad canary").render().configuration())
                .isEqualTo(release("eqiad main").render().configuration());
    }

    @Test
    void aCanaryIsOneProcessOfEachLane() {
        assertThat(release("eqiad canary").render().all(Deployment.class))
                .hasSize(2)
                .allSatisfy(deployment ->
                        assertThat(deployment.getSpec().getReplicas()).isEqualTo(1));
    }

    /** Two autoscalers of one fleet would answer to the same lag, each with all the processes that it takes. */
    @ParameterizedTest
    @CsvSource({"canary, release-canary.yaml", "leftovers, leftovers.yaml"})
    void onlyTheMainReleaseScales(String release, String own, @TempDir Path folder) throws IOException {
        Path values = Path.of("values");
        Path scaled = Files.writeString(folder.resolve("scaled.yaml"), "workload: {autoscaling: {kind: hpa}}\n");
        Manifests manifests = Chart.render(
                release,
                List.of(values.resolve("common.yaml"), values.resolve("eqiad.yaml"), scaled, values.resolve(own)));

        assertThat(manifests.all(HorizontalPodAutoscaler.class)).isEmpty();
        assertThat(manifests.all(Deployment.class))
                .extracting(deployment -> deployment.getSpec().getReplicas())
                .allSatisfy(replicas -> assertThat(replicas).isLessThan(2));
    }

    /** Beside the legacy service nothing of ours may read a job topic: docs/migration.md, step 6. */
    @Test
    void whatReleasesTheLeftoversReadsNoJobTopic() {
        Path values = Path.of("values");
        Manifests manifests = Chart.render(
                "leftovers",
                List.of(values.resolve("common.yaml"), values.resolve("eqiad.yaml"), values.resolve("leftovers.yaml")));
        EffectiveConfig config = new EffectiveConfig(Configurations.parse(manifests.configuration()));

        assertThat(manifests.mistakes()).isEmpty();
        assertThat(manifests.all(Deployment.class))
                .filteredOn(deployment -> deployment.getSpec().getReplicas() > 0)
                .singleElement()
                .satisfies(deployment -> assertThat(
                                Manifests.container(deployment.getSpec().getTemplate())
                                        .getArgs())
                        .endsWith("--lane=leftovers"));
        assertThat(config.typesOf("leftovers")).isEqualTo(new LaneTypes.Only(Set.of("nothing")));
        assertThat(config.configuration().service()).isEqualTo("cpjobqueue");
    }

    @Test
    void dashboardsComeOnce() {
        assertThat(release("eqiad canary").render().all(ConfigMap.class)).hasSize(1);
        assertThat(release("eqiad main").render().all(ConfigMap.class)).hasSizeGreaterThan(1);
    }

    /** Where its CRDs are missing, an object of its kinds fails the whole apply. */
    @ParameterizedTest
    @MethodSource("all")
    void noReleaseNeedsThePrometheusOperator(Releases release) {
        Manifests manifests = release.render();

        assertThat(manifests.all(PrometheusRule.class)).isEmpty();
        assertThat(manifests.all(ServiceMonitor.class)).isEmpty();
    }

    /** Prometheus is no pod of the cluster; whoever else is let in with it sees no title without the token. */
    @ParameterizedTest
    @MethodSource("all")
    void theInternalNetworkReachesTheAdminPortAndNeedsTheTokenToLook(Releases release) {
        Manifests manifests = release.render();

        assertThat(manifests
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getIngress()
                        .get(0)
                        .getFrom())
                .singleElement()
                .satisfies(peer -> assertThat(peer.getIpBlock().getCidr()).isEqualTo("10.0.0.0/8"));
        assertThat(Configurations.parse(manifests.configuration()).admin()).satisfies(admin -> {
            assertThat(admin.protectReads()).isTrue();
            assertThat(admin.token()).isNotNull();
        });
    }

    @Test
    void eachLaneSurvivesADrainedNode() {
        assertThat(release("codfw main").render().all(PodDisruptionBudget.class))
                .extracting(budget -> budget.getSpec().getMaxUnavailable().getIntVal())
                .containsExactly(1, 1);
    }

    private static Releases release(String name) {
        return all().stream()
                .filter(release -> release.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
