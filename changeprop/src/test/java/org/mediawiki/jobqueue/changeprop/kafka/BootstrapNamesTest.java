package org.mediawiki.jobqueue.changeprop.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;

class BootstrapNamesTest {

    @ParameterizedTest
    @CsvSource({"kafka1,true", "kafka2,true", "kafka3,false"})
    void oneThatResolvesIsEnough(String known, boolean isEnough) {
        BootstrapNames names = new BootstrapNames(List.of("kafka1:9092", "kafka2:9092"), known::equals);

        assertThat(names.anyResolves()).isEqualTo(isEnough);
    }

    @Test
    void hostsAreAskedForAndNotPorts() {
        List<String> asked = new ArrayList<>();
        BootstrapNames names =
                new BootstrapNames(List.of("kafka1.example.org:9092", "127.0.0.1:9092", "[::1]:9092"), host -> {
                    asked.add(host);
                    return false;
                });

        assertThat(names.anyResolves()).isFalse();
        assertThat(asked).containsExactly("kafka1.example.org", "127.0.0.1", "::1");
    }

    /** What this is for: where it says no, a client throws, and where it says yes, one can be made. */
    @ParameterizedTest
    @CsvSource({"kafka.invalid:9092,false", "localhost:1,true", "127.0.0.1:1,true", "[::1]:1,true"})
    void clientsOfKafkaAreOfTheSameOpinion(String server, boolean resolves) {
        KafkaConfig config = new ConfigurationLoader(Map.of(), file -> true)
                .parse("""
                        kafka: {bootstrap_servers: ['%s']}
                        targets: {runner: {uri: 'https://runner.example.org/'}}
                        """.formatted(server))
                .match(loaded -> loaded.configuration().kafka(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
        KafkaClients clients = new KafkaClients(config, "test");

        assertThat(BootstrapNames.of(config).anyResolves()).isEqualTo(resolves);
        if (resolves) {
            try (Admin admin = clients.admin()) {
                assertThat(admin).isNotNull();
            }
        } else {
            assertThatThrownBy(clients::admin).isInstanceOf(KafkaException.class);
        }
    }
}
