package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart by itself: each of its values, and what must not be rendered. */
class ChartTest {

    /** Enough for a release: where Kafka is, and where jobs are run. */
    private static final String MINIMAL = """
            config:
              kafka: {bootstrap_servers: ['kafka:9092']}
              targets: {runner: {uri: 'https://runner.example.org/rpc/RunSingleJob.php'}}
            """;

    private static final String EMBEDDED = """
            kafka: {mode: embedded}
            config:
              targets: {runner: {uri: 'https://runner.example.org/rpc/RunSingleJob.php'}}
            """;

    @Test
    void lintFindsNothing() {
        LintResult result = Chart.lint();

        assertThat(result.getMessages())
                .allMatch(message -> message.contains("icon is recommended") || isMissingConfiguration(message));
    }

    /** Without brokers there is nothing to run, and lint has none. */
    private static boolean isMissingConfiguration(String message) {
        return message.contains("config.kafka.bootstrap_servers is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mesh: {enabled: true, upstreams: [{name: r, port: 6501, host: r.example.org, upstreamPort: 4448, timeout: 1210s}]}",
                "monitoring: {scrape: serviceMonitor, labels: {team: jobs}, dashboards: {enabled: true}, rules: {enabled: true}}",
                "workload: {autoscaling: {kind: hpa}}",
                "workload: {autoscaling: {kind: keda}}",
                "workload: {topologySpread: false, maxUnavailableInDisruption: null, priorityClassName: high, nodeSelector: {a: b}}",
                "workload: {extraEnv: [{name: A, value: b}], podLabels: {a: b}, podAnnotations: {a: b}, tolerations: [{key: a, operator: Exists}]}",
                "networkPolicy: {externalServices: {kafka: [main-eqiad]}, egress: {kafka: [{cidr: 10.0.0.0/8, ports: [9093]}]}}",
                "networkPolicy: {enabled: false}",
                "certificates: {configMapName: ca}",
                "serviceAccount: {create: false, name: other}",
                "image: {tag: '1.2.3', pullSecrets: [registry]}",
                "secrets: {adminToken: {secretName: admin}, files: [{name: k, secretName: kafka, mountPath: /etc/k}], env: [{env: A, secretName: s, key: k}]}",
            })
    void everyCombinationIsWhatKubernetesAndTheServiceUnderstand(String values) {
        Manifests manifests = Chart.render("main", MINIMAL + values);

        assertThat(manifests.unknownFields()).isEmpty();
        assertThat(manifests.pods()).isNotEmpty();
        assertThat(Configurations.parse(manifests.configuration()).targets()).containsOnlyKeys("runner");
    }

    @Test
    void podsRunAsNobodyAndWriteNowhereButIntoTheirVolumes() {
        PodTemplateSpec pod = pod(MINIMAL);
        Container container = Manifests.container(pod);

        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(mount -> mount.getMountPath())
                .containsExactly("/var/lib/jobqueue", "/tmp");
    }

    @Test
    void theConfigurationIsMountedAsAFolderSoThatItIsUpdatedUnderTheService() {
        PodTemplateSpec pod = pod(MINIMAL);

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lanes: {main: {low_traffic: {concurrency: 7}}} | false",
                "sections: {enwiki: s1} | false",
                "server_groups: {mw-debug: {host: mw-debug.example.org, port: 4444}} | false",
                "dedupe: {store: 'off'} | true",
                "retry: {limit: 7} | false",
                "drain_timeout: 29s | true",
                "dc: codfw | true",
                "admin: {port: 9103} | true",
            })
    void podsAreReplacedOnlyForWhatTheyCannotTakeOver(String change, boolean isReplaced) {
        PodTemplateSpec before = pod(MINIMAL);
        PodTemplateSpec after = pod(MINIMAL + "  " + change);

        assertThat(before.equals(after)).isEqualTo(!isReplaced);
    }

    @ParameterizedTest
    @CsvSource({"30s,45", "1500ms,17", "5m,315", "2h,7215"})
    void theGracePeriodFollowsTheDrain(String drain, long seconds) {
        assertThat(pod(MINIMAL + "  drain_timeout: " + drain).getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(seconds);
    }

    @Test
    void aGracePeriodThatWouldCutTheDrainIsRefused() {
        String values = MINIMAL + "workload: {terminationGracePeriodSeconds: 40}";

        assertThatThrownBy(() -> Chart.render("main", values))
                .hasMessageContaining("must be more than 10 s above the drain_timeout of 30 s");
    }

    @Test
    void theProbesAskTheAdminPortOfTheConfiguration() {
        Container container = Manifests.container(pod(MINIMAL + "  admin: {port: 9555}"));

        assertThat(container.getPorts().get(0).getContainerPort()).isEqualTo(9555);
        assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                .extracting(Probe::getHttpGet)
                .extracting(get -> get.getPath() + " " + get.getPort().getStrVal())
                .containsExactly("/healthz admin", "/healthz admin", "/readyz admin");
        assertThat(Configurations.parse(Chart.render("main", MINIMAL).configuration())
                        .admin()
                        .host())
                .isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin: {token: hunter2} | config.admin.token",
                "dedupe: {store: redis, redis: {uri: 'redis://:hunter2@redis:6379'}} | config.dedupe.redis.uri",
            })
    void aSecretInTheConfigurationIsRefused(String secret, String path) {
        assertThatThrownBy(() -> Chart.render("main", MINIMAL + "  " + secret))
                .hasMessageContaining(path + ": a secret must not stand in a ConfigMap");
    }

    @Test
    void aPasswordAmongKafkasPropertiesIsRefused() {
        String values = MINIMAL.replace("kafka: {", "kafka: {client: {ssl.key.password: hunter2}, ");

        assertThatThrownBy(() -> Chart.render("main", values))
                .hasMessageContaining("config.kafka.client.ssl.key.password: a secret must not stand in a ConfigMap");
    }

    @Test
    void secretsAreReferredToAndNeverMade() {
        Manifests manifests = Chart.render("main", MINIMAL + """
                  dedupe: {store: redis, redis: {uri: 'redis://:${JOBQUEUE_REDIS_PASSWORD}@redis:6379'}}
                secrets:
                  adminToken: {secretName: admin, key: token}
                  redisPassword: {secretName: redis}
                  files: [{name: kafka, secretName: kafka-client, mountPath: /etc/kafka}]
                  env: [{env: KAFKA_KEY_PASSWORD, secretName: kafka-client, key: password}]
                """);
        PodTemplateSpec pod = manifests.pods().get(0);

        assertThat(manifests.all(Secret.class)).isEmpty();
        assertThat(List.of("JOBQUEUE_ADMIN_TOKEN", "JOBQUEUE_REDIS_PASSWORD", "KAFKA_KEY_PASSWORD"))
                .extracting(name -> Manifests.variable(pod, name).getValueFrom().getSecretKeyRef())
                .extracting(reference -> reference.getName() + "/" + reference.getKey())
                .containsExactly("admin/token", "redis/password", "kafka-client/password");
        assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactly("kafka-client");
        assertThat(Configurations.parse(manifests.configuration()).admin().token())
                .isNotNull();
    }

    @Test
    void onlyWhatIsNamedCanBeReached() {
        Manifests manifests = Chart.render("main", MINIMAL + """
                networkPolicy:
                  ingress: {admin: [{namespaceSelector: {matchLabels: {a: b}}}]}
                  egress:
                    kafka: [{cidr: 10.1.0.0/16, ports: [9093]}]
                    targets: [{cidr: 10.2.1.90/32, ports: [4448]}]
                    redis: [{cidr: 10.3.0.1/32, ports: [6379, 6380]}]
                """);
        NetworkPolicy policy = manifests.only(NetworkPolicy.class);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getEgress())
                .extracting(ChartTest::reach)
                .containsExactly(
                        "anywhere [53, 53]",
                        "pods [9102]",
                        "10.1.0.0/16 [9093]",
                        "10.2.1.90/32 [4448]",
                        "10.3.0.1/32 [6379, 6380]");
        assertThat(policy.getSpec().getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
    }

    private static String reach(NetworkPolicyEgressRule rule) {
        List<Integer> ports =
                rule.getPorts().stream().map(port -> port.getPort().getIntVal()).toList();
        if (rule.getTo().isEmpty()) {
            return "anywhere " + ports;
        }
        return (rule.getTo().get(0).getIpBlock() == null
                        ? "pods"
                        : rule.getTo().get(0).getIpBlock().getCidr()) + " " + ports;
    }

    @Test
    void calicosServicesAreNamedForTheSamePods() {
        GenericKubernetesResource policy = Chart.render(
                        "main", MINIMAL + "networkPolicy: {externalServices: {kafka: [main-eqiad, main-codfw]}}")
                .generic("NetworkPolicy")
                .get(0);

        assertThat(policy.getApiVersion()).isEqualTo("crd.projectcalico.org/v1");
        assertThat(Manifests.json(policy.get("spec"))).isEqualTo(yaml("""
                        selector: "app.kubernetes.io/name == 'jobqueue' && app.kubernetes.io/instance == 'main'"
                        types: [Egress]
                        egress:
                          - {action: Allow, destination: {services: {name: kafka-main-eqiad, namespace: external-services}}}
                          - {action: Allow, destination: {services: {name: kafka-main-codfw, namespace: external-services}}}
                        """));
    }

    @Test
    void kedaAsksKafkaForTheLagOfTheLanesGroup() {
        Manifests manifests = Chart.render("main", """
                config:
                  kafka: {bootstrap_servers: ['a:9093', 'b:9093'], client: {security.protocol: SSL}}
                  targets: {runner: {uri: 'https://runner/'}}
                  lanes: {main: {}, video: {jobs: {webVideoTranscode: {}}}}
                lanes: {video: {}}
                workload: {autoscaling: {kind: keda, max: 9}}
                """);

        assertThat(manifests.generic("ScaledObject"))
                .hasSize(2)
                .last()
                .satisfies(
                        scaled -> assertThat(Manifests.json(scaled.get("spec"))).isEqualTo(yaml("""
                        scaleTargetRef: {name: jobqueue-main-video}
                        minReplicaCount: 2
                        maxReplicaCount: 9
                        pollingInterval: 30
                        cooldownPeriod: 900
                        triggers:
                          - type: kafka
                            metadata:
                              bootstrapServers: a:9093,b:9093
                              consumerGroup: cpjobqueue-video
                              lagThreshold: "50000"
                              allowIdleConsumers: "true"
                              tls: enable
                        """)));
        assertThat(manifests.deployment("jobqueue-main-video").getSpec().getReplicas())
                .isNull();
    }

    @Test
    void anAutoscalerDecidesAloneHowManyThereAre() {
        Manifests manifests = Chart.render("main", MINIMAL + "workload: {autoscaling: {kind: hpa}}");
        HorizontalPodAutoscaler scaler = manifests.only(HorizontalPodAutoscaler.class);

        assertThat(scaler.getSpec().getScaleTargetRef().getName()).isEqualTo("jobqueue-main-main");
        assertThat(scaler.getSpec()
                        .getMetrics()
                        .get(0)
                        .getExternal()
                        .getMetric()
                        .getName())
                .isEqualTo("jobqueue_lag_records");
        assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isNull();
    }

    @Test
    void envoyOutlivesTheServiceAndNeverTriesAgain() throws IOException {
        Manifests manifests = Chart.render("main", MINIMAL + """
                mesh:
                  enabled: true
                  upstreams: [{name: mw-jobrunner, port: 6501, host: mw-jobrunner.example.org, upstreamPort: 4448, timeout: 1210s}]
                """);
        Container envoy = manifests.pods().get(0).getSpec().getInitContainers().get(0);
        String text = manifests.all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().endsWith("-envoy"))
                .map(map -> map.getData().get("envoy.yaml"))
                .findFirst()
                .orElseThrow();
        JsonNode configuration = new YAMLMapper().readTree(text);
        JsonNode route =
                configuration.at("/static_resources/listeners/0/filter_chains/0/filters/0/typed_config/route_config"
                        + "/virtual_hosts/0/routes/0/route");
        JsonNode tls = configuration.at("/static_resources/clusters/0/transport_socket/typed_config");

        assertThat(envoy.getRestartPolicy()).isEqualTo("Always");
        assertThat(route.path("timeout").asText()).isEqualTo("1210s");
        assertThat(route.has("retry_policy")).isFalse();
        assertThat(tls.path("sni").asText()).isEqualTo("mw-jobrunner.example.org");
        assertThat(tls.at("/common_tls_context/validation_context/match_typed_subject_alt_names/0/matcher/exact")
                        .asText())
                .isEqualTo("mw-jobrunner.example.org");
    }

    @Test
    void aWholeQueueForOneSmallWikiIsOnePodWithAVolumeThatStays() {
        Manifests manifests = Chart.render("wiki", EMBEDDED);
        StatefulSet set = manifests.only(StatefulSet.class);
        PodTemplateSpec pod = set.getSpec().getTemplate();

        assertThat(manifests.unknownFields()).isEmpty();
        assertThat(manifests.all(Deployment.class)).isEmpty();
        assertThat(manifests.all(PodDisruptionBudget.class)).isEmpty();
        assertThat(set.getSpec().getReplicas()).isEqualTo(1);
        assertThat(Manifests.container(pod).getArgs())
                .containsExactly("standalone", "--config=/etc/jobqueue/jobqueue.yaml");
        assertThat(set.getSpec().getVolumeClaimTemplates())
                .singleElement()
                .satisfies(claim -> assertThat(claim.getSpec().getResources().getRequests())
                        .containsEntry("storage", Quantity.parse("10Gi")));
        assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).doesNotContain("state");
        assertThat(manifests.only(Service.class).getSpec().getPorts())
                .extracting(port -> port.getName())
                .containsExactly("admin", "intake");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config: {targets: {a: {uri: 'https://a/'}}} | config.kafka.bootstrap_servers is missing",
                "config: {kafka: {bootstrap_servers: ['a:1']}} | config.targets is missing",
                "kafka: {mode: embedded} | config.kafka.bootstrap_servers must be left out",
                "lanes: {vidio: {}} | lanes.vidio: config.lanes has no such lane",
                "lanes: {main: null, other: {}} | lanes.other: config.lanes has no such lane",
                "lanes: {main: null} | minProperties",
            })
    void whatCannotRunIsNotRendered(String values, String message) {
        String whole = values.startsWith("config") ? values : MINIMAL + values;

        assertThatThrownBy(() -> Chart.render("main", whole)).hasMessageContaining(message);
    }

    @Test
    void aLaneThatNobodyWouldRunIsRefused() {
        assertThatThrownBy(() -> Chart.render("main", MINIMAL + "  lanes: {main: {}, video: {jobs: {a: {}}}}"))
                .hasMessageContaining("config.lanes.video: no pods would run it");
    }

    @Test
    void prometheusFindsThePodsAsItIsTold() {
        Manifests annotated = Chart.render("main", MINIMAL);
        Manifests monitored =
                Chart.render("main", MINIMAL + "monitoring: {scrape: serviceMonitor, labels: {team: jobs}}");

        assertThat(annotated.pods().get(0).getMetadata().getAnnotations())
                .containsEntry("prometheus.io/scrape", "true")
                .containsEntry("prometheus.io/port", "9102");
        assertThat(monitored.pods().get(0).getMetadata().getAnnotations()).doesNotContainKey("prometheus.io/scrape");
        assertThat(monitored.only(ServiceMonitor.class).getMetadata().getLabels())
                .containsEntry("team", "jobs");
        assertThat(monitored
                        .only(ServiceMonitor.class)
                        .getSpec()
                        .getEndpoints()
                        .get(0)
                        .getPort())
                .isEqualTo("admin");
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
        Path path = Chart.FOLDER.resolve(folder);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }

    @Test
    void theAccountOfThePodsHasNoToken() {
        assertThat(Chart.render("main", MINIMAL).only(ServiceAccount.class).getAutomountServiceAccountToken())
                .isFalse();
    }

    @Test
    void theIntakeListensWhereMediaWikiReachesIt() {
        String configuration = Chart.render("wiki", EMBEDDED).configuration();

        assertThat(yaml(configuration).path("intake")).isEqualTo(yaml("{enabled: true, host: 0.0.0.0}"));
    }

    private static PodTemplateSpec pod(String values) {
        return Chart.render("main", values).pods().get(0);
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
