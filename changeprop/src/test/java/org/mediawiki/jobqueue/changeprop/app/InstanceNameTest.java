package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;

class InstanceNameTest {

    private final String service = "test-" + UUID.randomUUID();

    @Test
    void twoOfAMachineHaveTwoNamesAndTheNextHasTheFirstThatIsFree() {
        try (InstanceName one = InstanceName.of(configuration(""));
                InstanceName two = InstanceName.of(configuration(""))) {
            assertThat(one.value()).matches("[A-Za-z0-9._-]+-0");
            assertThat(two.value()).matches("[A-Za-z0-9._-]+-1");
        }
        try (InstanceName next = InstanceName.of(configuration(""))) {
            assertThat(next.value()).endsWith("-0");
        }
    }

    @Test
    void aNameThatIsGivenIsTheName() {
        try (InstanceName name = InstanceName.of(configuration("instance: jobqueue-3"))) {
            assertThat(name.value()).isEqualTo("jobqueue-3");
        }
    }

    private Configuration configuration(String more) {
        String yaml = """
                service: %s
                kafka: {bootstrap_servers: ['kafka:9092']}
                targets: {runner: {uri: 'https://runner/'}}
                %s
                """.formatted(service, more);
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }
}
