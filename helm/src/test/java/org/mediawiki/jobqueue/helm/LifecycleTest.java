package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;
import static org.mediawiki.jobqueue.helm.Samples.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;

/** How a pod begins, is watched and ends. */
class LifecycleTest {

    @ParameterizedTest
    @CsvSource({"30s,45", "1500ms,17", "5m,315", "2h,7215", "1d,86415"})
    void theGracePeriodFollowsTheDrain(String drain, long seconds) {
        assertThat(pod(MINIMAL + "  drain_timeout: " + drain).getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(seconds);
    }

    @Test
    void eachLaneHasTheGracePeriodOfItsOwnDrain() {
        Manifests manifests = Chart.render("main", MINIMAL + """
                  drain_timeout: 20s
                  lanes: {main: {target: runner}, video: {target: runner, drain_timeout: 6h, jobs: {webVideoTranscode: {}}}}
                lanes: {video: {}}
                """);

        assertThat(grace(manifests, "main")).isEqualTo(35);
        assertThat(grace(manifests, "video")).isEqualTo(6 * 3600 + 15);
    }

    private static long grace(Manifests manifests, String lane) {
        PodTemplateSpec pod =
                manifests.deployment("jobqueue-main-" + lane).getSpec().getTemplate();
        return pod.getSpec().getTerminationGracePeriodSeconds();
    }

    @Test
    void aGracePeriodThatWouldCutTheDrainIsRefused() {
        String values = MINIMAL + "workload: {terminationGracePeriodSeconds: 40}";

        assertThatThrownBy(() -> Chart.render("main", values))
                .hasMessageContaining("must be more than 10 s above the drain_timeout of 30 s");
    }

    @ParameterizedTest
    @CsvSource({"'',5,50", "intake: {leaveSeconds: 12},12,57"})
    void aPodThatTakesPostsGoesOnUntilItIsKnownToLeaveAndThenHasItsWholeDrain(String values, long leave, long grace) {
        PodTemplateSpec pod = pod(MINIMAL + "  intake: {enabled: true}\n" + values);

        assertThat(Manifests.container(pod)
                        .getLifecycle()
                        .getPreStop()
                        .getSleep()
                        .getSeconds())
                .isEqualTo(leave);
        assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(grace);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  intake: {enabled: true}\nintake: {leaveSeconds: 0}"})
    void anyOtherBeginsToStopAtOnce(String values) {
        PodTemplateSpec pod = pod(MINIMAL + values);

        assertThat(Manifests.container(pod).getLifecycle()).isNull();
        assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(45);
    }

    @Test
    void aGracePeriodThatForgetsHowLongItTakesToLeaveIsRefused() {
        String values = MINIMAL + "  intake: {enabled: true}\nworkload: {terminationGracePeriodSeconds: 45}";

        assertThatThrownBy(() -> Chart.render("main", values)).hasMessageContaining("5 s of intake.leaveSeconds");
    }

    /** What is not ready may not listen yet, or not any more; and only of one pod there is no better one. */
    @Test
    void postsAreSentToPodsThatHaveStartedAndAreNotToEnd() {
        Manifests manifests = Chart.render("main", MINIMAL + "  intake: {enabled: true, port: 8200}\n");
        Service intake = manifests.service("jobqueue-main-intake");

        assertThat(intake.getSpec().getPublishNotReadyAddresses()).isNull();
        assertThat(intake.getSpec().getPorts())
                .extracting(port -> port.getName() + " " + port.getPort())
                .containsExactly("intake 8200");
        assertThat(manifests.service("jobqueue-main").getSpec().getPorts())
                .extracting(port -> port.getName())
                .containsExactly("admin");
        assertThat(Chart.render("main", MINIMAL).all(Service.class)).hasSize(1);
    }

    /** An emptyDir that exceeds its sizeLimit is no full disk: the pod is evicted, and the jobs that run there with it. */
    @Test
    void noPodIsEvictedForWhatWaits() {
        Volume onTheNode = volume(MINIMAL);
        Volume ofItsOwn = volume(MINIMAL + "state: {size: 20Gi, storageClassName: fast}");

        assertThat(onTheNode.getEmptyDir().getSizeLimit()).isNull();
        assertThat(ofItsOwn.getEmptyDir()).isNull();
        assertThat(ofItsOwn.getEphemeral().getVolumeClaimTemplate().getSpec()).satisfies(claim -> {
            assertThat(claim.getStorageClassName()).isEqualTo("fast");
            assertThat(claim.getResources().getRequests()).containsEntry("storage", Quantity.parse("20Gi"));
        });
    }

    private static Volume volume(String values) {
        return pod(values).getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("state"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theProbesAskTheAdminPortOfTheConfiguration() {
        Container container = Manifests.container(pod(MINIMAL + "  admin: {port: 9555}"));

        assertThat(container.getPorts().get(0).getContainerPort()).isEqualTo(9555);
        assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                .extracting(Probe::getHttpGet)
                .extracting(get -> get.getPath() + " " + get.getPort().getStrVal())
                .containsExactly("/healthz admin", "/healthz admin", "/startedz admin");
        assertThat(Configurations.parse(Chart.render("main", MINIMAL).configuration())
                        .admin()
                        .host())
                .isEqualTo("0.0.0.0");
    }

    /** A cluster of IPv6 alone has no 0.0.0.0. */
    @Test
    void thePortsListenWhereTheValuesSay() {
        Configuration configuration = Configurations.parse(
                Chart.render("main", MINIMAL + "  admin: {host: '::'}\n  intake: {enabled: true, host: '::'}")
                        .configuration());

        assertThat(configuration.admin().host()).isEqualTo("::");
        assertThat(configuration.intake().host()).isEqualTo("::");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "'::1'"})
    void anAdminPortThatNoProbeReachesIsRefused(String host) {
        String values = MINIMAL + "  admin: {host: " + host + "}";

        assertThatThrownBy(() -> Chart.render("main", values)).hasMessageContaining("config.admin.host");
    }

    @Test
    void theJvmIsToldWhatTheContainerHas() {
        PodTemplateSpec pod = pod(MINIMAL + "jvm: {heapPercentage: 40, processors: 3, options: -XX:+UseSerialGC}");

        assertThat(Manifests.variable(pod, "JAVA_TOOL_OPTIONS").getValue())
                .isEqualTo("-XX:MaxRAMPercentage=40 -XX:ActiveProcessorCount=3 -XX:+UseSerialGC");
        assertThat(Manifests.container(pod).getResources().getLimits()).containsOnlyKeys("memory");
    }

    @Test
    void podsOfALaneAreSpreadAndOneAtATimeMayBeMissing() {
        Manifests manifests = Chart.render("main", MINIMAL);

        assertThat(manifests.pods().get(0).getSpec().getTopologySpreadConstraints())
                .extracting(constraint -> constraint.getTopologyKey())
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        assertThat(manifests
                        .only(PodDisruptionBudget.class)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(1);
        assertThat(manifests
                        .deployment("jobqueue-main-main")
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate())
                .satisfies(update -> {
                    assertThat(update.getMaxSurge().getIntVal()).isEqualTo(1);
                    assertThat(update.getMaxUnavailable().getIntVal()).isZero();
                });
    }
}
