package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/** What a container may do, and where secrets stand. */
class SecurityTest {

    @ParameterizedTest
    @ValueSource(strings = {MINIMAL, MINIMAL + Samples.MESH, Samples.EMBEDDED})
    void everyContainerRunsAsNobodyAndWithoutRights(String values) {
        PodTemplateSpec pod = Samples.pod(values);

        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(65_532);
        assertThat(pod.getSpec().getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream()))
                .extracting(Container::getSecurityContext)
                .allSatisfy(context -> {
                    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                    assertThat(context.getRunAsNonRoot()).isTrue();
                    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                });
    }

    @Test
    void theServiceWritesNowhereButIntoItsVolumes() {
        Container container = Manifests.container(Samples.pod(MINIMAL));

        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(mount -> mount.getMountPath())
                .containsExactly("/var/lib/jobqueue", "/tmp");
    }

    @Test
    void theAccountOfThePodsHasNoToken() {
        assertThat(Chart.render("main", MINIMAL).only(ServiceAccount.class).getAutomountServiceAccountToken())
                .isFalse();
    }

    /** Whatever the service itself treats as a secret. */
    static List<String> secrets() {
        List<String> paths = new ArrayList<>();
        collectSecrets(Configuration.class, "", paths);
        return paths;
    }

    private static void collectSecrets(Class<?> type, String path, List<String> paths) {
        for (RecordComponent component : type.getRecordComponents()) {
            String here = path + new SnakeCaseStrategy().translate(component.getName());
            if (component.getType() == Secret.class) {
                paths.add(here);
            } else if (component.getType().isRecord()) {
                collectSecrets(component.getType(), here + ".", paths);
            } else if (component.getGenericType() instanceof ParameterizedType map
                    && map.getActualTypeArguments().length == 2
                    && map.getActualTypeArguments()[1] instanceof Class<?> value
                    && value.isRecord()) {
                collectSecrets(value, here + ".any.", paths);
            }
        }
    }

    @Test
    void theServiceHasSecretsToLookFor() {
        assertThat(secrets()).contains("admin.token", "intake.secret");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretInTheConfigurationIsRefused(String path) {
        String[] keys = path.split("\\.", -1);
        String nested = String.join(": {", keys) + ": %s" + "}".repeat(keys.length - 1);

        assertThatThrownBy(() -> Chart.render("main", MINIMAL + "  " + nested.formatted("hunter2hunter2hunter2")))
                .hasMessageContaining("config." + path + ": a secret must not stand in a ConfigMap");
        assertThat(Chart.render("main", MINIMAL + "  " + nested.formatted("'${NAME}'"))
                        .configuration())
                .contains("${NAME}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dedupe: {store: redis, redis: {uri: 'redis://:hunter2@redis:6379'}} | config.dedupe.redis.uri",
                "tracing: {endpoint: 'http://me:hunter2@collector/'} | config.tracing.endpoint",
            })
    void aPasswordInAnAddressIsRefused(String secret, String path) {
        assertThatThrownBy(() -> Chart.render("main", MINIMAL + "  " + secret))
                .hasMessageContaining(path + ": a secret must not stand in a ConfigMap");
    }

    @Test
    void aPasswordInTheAddressOfATargetIsRefused() {
        assertThatThrownBy(() -> Chart.render("main", MINIMAL.replace("https://", "https://me:hunter2@")))
                .hasMessageContaining("config.targets.runner.uri: a secret must not stand in a ConfigMap");
    }

    /** Every property of Kafka's clients that is of type password, and those that hold one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.key.password",
                "ssl.keystore.key",
                "ssl.keystore.password",
                "ssl.truststore.password",
                "sasl.jaas.config",
                "sasl.oauthbearer.client.credentials.client.secret",
            })
    void aPasswordAmongKafkasPropertiesIsRefused(String property) {
        for (String section : List.of("client", "consumer", "producer")) {
            String values = MINIMAL.replace("kafka: {", "kafka: {%s: {%s: hunter2}, ".formatted(section, property));

            assertThatThrownBy(() -> Chart.render("main", values))
                    .hasMessageContaining(
                            "config.kafka.%s.%s: a secret must not stand in a ConfigMap", section, property);
        }
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

        assertThat(manifests.all(io.fabric8.kubernetes.api.model.Secret.class)).isEmpty();
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
}
