package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More processes where work waits. */
class AutoscalingTest {

    @Test
    void kedaAsksKafkaForTheLagOfTheLanesGroup() {
        Manifests manifests = Chart.render("main", """
                config:
                  kafka: {bootstrap_servers: ['a:9093', 'b:9093'], client: {security.protocol: SSL}}
                  targets: {runner: {uri: 'https://runner/'}}
                  lanes: {main: {}, video: {jobs: {webVideoTranscode: {}}}}
                lanes: {video: {}}
                workload: {autoscaling: {kind: keda, max: 9, authentication: kafka-tls}}
                """);

        assertThat(manifests.generic("ScaledObject"))
                .hasSize(2)
                .last()
                .satisfies(
                        scaled -> assertThat(Manifests.json(scaled.get("spec"))).isEqualTo(Samples.yaml("""
                        scaleTargetRef: {name: jobqueue-main-video}
                        minReplicaCount: 2
                        maxReplicaCount: 9
                        pollingInterval: 30
                        advanced:
                          horizontalPodAutoscalerConfig:
                            behavior:
                              scaleUp:
                                stabilizationWindowSeconds: 60
                                policies: [{type: Pods, value: 2, periodSeconds: 60}]
                              scaleDown:
                                stabilizationWindowSeconds: 900
                                policies: [{type: Pods, value: 1, periodSeconds: 300}]
                        triggers:
                          - type: kafka
                            metadata:
                              bootstrapServers: a:9093,b:9093
                              consumerGroup: cpjobqueue-video
                              lagThreshold: "50000"
                              allowIdleConsumers: "true"
                              tls: enable
                            authenticationRef: {name: kafka-tls}
                        """)));
    }

    /** Of what KEDA itself knows, nothing slows the way from six pods to two. */
    @Test
    void bothAutoscalersGoUpAndDownAtTheSamePace() {
        HorizontalPodAutoscaler hpa = hpa("workload: {autoscaling: {kind: hpa}}");
        Manifests keda = Chart.render("main", MINIMAL + "workload: {autoscaling: {kind: keda}}");

        assertThat(Manifests.json(keda.generic("ScaledObject").get(0).get("spec"))
                        .at("/advanced/horizontalPodAutoscalerConfig/behavior"))
                .isEqualTo(Manifests.json(hpa.getSpec().getBehavior()));
    }

    /** A label that the metric does not have selects nothing, and nothing is ever scaled. */
    @Test
    void theAutoscalerOfKubernetesAsksForAMetricThatThereIsByLabelsThatItHas() {
        MetricIdentifier asked = hpa("workload: {autoscaling: {kind: hpa}}")
                .getSpec()
                .getMetrics()
                .get(0)
                .getExternal()
                .getMetric();

        assertThat(DocumentedMetrics.read().labels(asked.getName()))
                .containsAll(asked.getSelector().getMatchLabels().keySet());
        assertThat(asked.getSelector().getMatchLabels()).containsEntry("lane", "main");
    }

    @Test
    void theMetricOfOneServiceAmongSeveralIsChosenByLabelsOfTheSite() {
        MetricIdentifier asked = hpa("workload: {autoscaling: {kind: hpa, metricLabels: {job: cpjobqueue}}}")
                .getSpec()
                .getMetrics()
                .get(0)
                .getExternal()
                .getMetric();

        assertThat(asked.getSelector().getMatchLabels())
                .containsEntry("lane", "main")
                .containsEntry("job", "cpjobqueue");
    }

    @Test
    void anAutoscalerDecidesAloneHowManyThereAre() {
        for (String kind : new String[] {"hpa", "keda"}) {
            Manifests manifests = Chart.render("main", MINIMAL + "workload: {autoscaling: {kind: " + kind + "}}");

            assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isNull();
        }
    }

    /** A release that must not run beside the legacy service is deployed so. */
    @ParameterizedTest
    @ValueSource(strings = {"hpa", "keda"})
    void noAutoscalerStartsWhatIsToHaveNoPods(String kind) {
        Manifests manifests = Chart.render(
                "main", MINIMAL + "workload: {autoscaling: {kind: " + kind + "}}\nlanes: {main: {replicas: 0}}");

        assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isZero();
        assertThat(manifests.all(HorizontalPodAutoscaler.class)).isEmpty();
        assertThat(manifests.generic("ScaledObject")).isEmpty();
    }

    @Test
    void aLaneMayScaleWhereOthersDoNot() {
        Manifests manifests = Chart.render("main", MINIMAL + """
                  lanes: {main: {target: runner}, video: {target: runner, jobs: {webVideoTranscode: {}}}}
                lanes: {main: {autoscaling: {kind: hpa}}, video: {replicas: 3}}
                """);

        assertThat(manifests
                        .only(HorizontalPodAutoscaler.class)
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo("jobqueue-main-main");
        assertThat(manifests.deployment("jobqueue-main-video").getSpec().getReplicas())
                .isEqualTo(3);
    }

    private static HorizontalPodAutoscaler hpa(String values) {
        return Chart.render("main", MINIMAL + values).only(HorizontalPodAutoscaler.class);
    }
}
