package org.mediawiki.jobqueue.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.util.List;

/** Values that tests begin with. A key of the configuration goes on after {@link #MINIMAL}, indented by two. */
final class Samples {

    /** Enough for a release: where Kafka is, and where jobs are run. */
    static final String MINIMAL = """
            config:
              kafka: {bootstrap_servers: ['kafka:9092']}
              targets: {runner: {uri: 'https://runner.example.org/rpc/RunSingleJob.php'}}
            """;

    /** Enough for one small wiki, without a Kafka of its own. */
    static final String EMBEDDED = """
            kafka: {mode: embedded}
            config:
              targets: {runner: {uri: 'https://runner.example.org/rpc/RunSingleJob.php'}}
            """;

    static final String MESH = """
            mesh:
              enabled: true
              upstreams: [{name: mw-jobrunner, port: 6501, host: mw-jobrunner.example.org, upstreamPort: 4448, timeout: 1210s}]
            """;

    /** Further values of each kind, so that together they touch every template. */
    private static final List<String> FURTHER = List.of(
            "",
            "  lanes: {main: {}, video: {target: runner, jobs: {webVideoTranscode: {}}}}\nlanes: {main: {}, video: {}}",
            "lanes: {main: {replicas: 0}}",
            "  intake: {enabled: true}",
            "  intake: {enabled: true}\nintake: {leaveSeconds: 0, service: {type: LoadBalancer, annotations: {a: b}}}",
            "state: {size: 20Gi, storageClassName: fast}",
            MESH,
            MESH + "monitoring: {scrape: serviceMonitor}",
            "monitoring: {scrape: serviceMonitor, labels: {team: jobs}, dashboards: {enabled: true}, rules: {enabled: true}}",
            "monitoring: {scrape: none, rules: {enabled: true, labels: {team: jobs}}}",
            "monitoring: {rules: {enabled: true, alertLabels: {team: jobs}, runbookBaseUrl: 'https://a/b', dashboardBaseUrl: 'https://a/'}}",
            "workload: {autoscaling: {kind: hpa, metricLabels: {job: jobqueue}}}",
            "workload: {autoscaling: {kind: keda, authentication: kafka}}",
            "workload: {topologySpread: false, maxUnavailableInDisruption: null, priorityClassName: high, nodeSelector: {a: b}}",
            "workload: {extraEnv: [{name: A, value: b}], podLabels: {a: b}, podAnnotations: {a: b}, tolerations: [{key: a, operator: Exists}]}",
            "workload: {maxSurge: '25%', maxUnavailable: '25%', maxUnavailableInDisruption: '50%', terminationGracePeriodSeconds: 300}",
            "networkPolicy: {externalServices: {kafka: [main-eqiad]}, egress: {kafka: [{cidr: 10.0.0.0/8, ports: [9093]}]}}",
            "networkPolicy: {ingress: {admin: [{podSelector: {}}], intake: [{podSelector: {}}]}, egress: {dns: [{podSelector: {}}]}}",
            "networkPolicy: {enabled: false}",
            "certificates: {configMapName: ca}",
            "serviceAccount: {create: false, name: other}",
            "service: {type: NodePort, annotations: {a: b}}",
            "image: {tag: '1.2.3', pullSecrets: [registry]}",
            "secrets: {adminToken: {secretName: admin}, files: [{name: k, secretName: kafka, mountPath: /etc/k}], env: [{env: A, secretName: s, key: k}]}");

    private static final YAMLMapper YAML = new YAMLMapper();

    private Samples() {}

    /** Whole values, one for each combination that is worth a look. */
    static List<String> combinations() {
        return FURTHER.stream().map(values -> MINIMAL + values).toList();
    }

    /** The first pod of what these values render to. */
    static PodTemplateSpec pod(String values) {
        return Chart.render("main", values).pods().get(0);
    }

    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }
}
