package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who reaches the pods, and whom they reach. */
class NetworkTest {

    @Test
    void onlyWhatIsNamedCanBeReached() {
        NetworkPolicy policy = policy(MINIMAL + """
                networkPolicy:
                  egress:
                    kafka: [{cidr: 10.1.0.0/16, ports: [9093]}]
                    targets: [{cidr: 10.2.1.90/32, ports: [4448]}]
                    redis: [{cidr: 10.3.0.1/32, ports: [6379, 6380]}]
                    tracing: [{cidr: 10.4.0.1/32, ports: [4318]}]
                """);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getEgress())
                .extracting(NetworkTest::reach)
                .containsExactly(
                        "anywhere [53, 53]",
                        "pods [9102]",
                        "10.1.0.0/16 [9093]",
                        "10.2.1.90/32 [4448]",
                        "10.3.0.1/32 [6379, 6380]",
                        "10.4.0.1/32 [4318]");
    }

    @Test
    void byDefaultNothingButNamesAndTheFleetItselfCanBeReached() {
        assertThat(policy(MINIMAL).getSpec().getEgress())
                .extracting(NetworkTest::reach)
                .containsExactly("anywhere [53, 53]", "pods [9102]");
    }

    /** What docs/deployment.md calls the least values must be enough to read and to run jobs, and to be watched. */
    @Test
    void theLeastValuesThatAreDocumentedReachKafkaAndTheTarget() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "deployment.md"));
        String values =
                page.split("The least that `my-values.yaml` must say", -1)[1].split("```\n", -1)[1];
        NetworkPolicy policy = policy(values);

        assertThat(policy.getSpec().getEgress())
                .extracting(NetworkTest::reach)
                .containsExactly("anywhere [53, 53]", "pods [9102]", "192.0.2.0/28 [9092]", "198.51.100.7/32 [4448]");
        assertThat(policy.getSpec().getIngress()).hasSize(2);
        assertThat(Chart.render("main", values).configuration()).contains("kafka1.example.org:9092", ":4448/");
    }

    @Test
    void nobodyMayAskWhoIsNotNamed() {
        NetworkPolicy closed = policy(MINIMAL + "  intake: {enabled: true}\n" + Samples.MESH);
        NetworkPolicy open = policy(MINIMAL + "  intake: {enabled: true}\n" + Samples.MESH + """
                networkPolicy: {ingress: {admin: [{podSelector: {}}], intake: [{podSelector: {}}]}}
                """);

        assertThat(closed.getSpec().getIngress())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom())
                        .singleElement()
                        .satisfies(peer -> assertThat(peer.getPodSelector().getMatchLabels())
                                .containsOnlyKeys("app.kubernetes.io/name")));
        assertThat(open.getSpec().getIngress())
                .extracting(NetworkPolicyIngressRule::getPorts)
                .extracting(NetworkTest::numbers)
                .containsExactly(List.of(9102, 9902), List.of(8192), List.of(9102));
        assertThat(open.getSpec().getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
    }

    @Test
    void calicosServicesAreNamedForTheSamePods() {
        GenericKubernetesResource policy = Chart.render(
                        "main", MINIMAL + "networkPolicy: {externalServices: {kafka: [main-eqiad, main-codfw]}}")
                .generic("NetworkPolicy")
                .get(0);

        assertThat(policy.getApiVersion()).isEqualTo("crd.projectcalico.org/v1");
        assertThat(Manifests.json(policy.get("spec"))).isEqualTo(Samples.yaml("""
                        selector: "app.kubernetes.io/name == 'jobqueue' && app.kubernetes.io/instance == 'main'"
                        types: [Egress]
                        egress:
                          - {action: Allow, destination: {services: {name: kafka-main-eqiad, namespace: external-services}}}
                          - {action: Allow, destination: {services: {name: kafka-main-codfw, namespace: external-services}}}
                        """));
    }

    private static NetworkPolicy policy(String values) {
        return Chart.render("main", values).only(NetworkPolicy.class);
    }

    private static String reach(NetworkPolicyEgressRule rule) {
        List<Integer> ports = numbers(rule.getPorts());
        if (rule.getTo().isEmpty()) {
            return "anywhere " + ports;
        }
        return (rule.getTo().get(0).getIpBlock() == null
                        ? "pods"
                        : rule.getTo().get(0).getIpBlock().getCidr()) + " " + ports;
    }

    private static List<Integer> numbers(List<NetworkPolicyPort> ports) {
        return ports.stream().map(port -> port.getPort().getIntVal()).toList();
    }
}
