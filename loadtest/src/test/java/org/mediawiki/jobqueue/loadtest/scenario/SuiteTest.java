package org.mediawiki.jobqueue.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.loadtest.measure.Contenders;

final class SuiteTest {

    @TempDir
    private Path folder;

    static List<String> shipped() {
        return Suite.names();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedSuiteNamesScenariosAndContendersThatThereAre(String name) {
        assertThat(Suite.named(name).parts()).allSatisfy(part -> {
            part.scenarios().forEach(Scenarios::named);
            part.contenders().forEach(Contenders::named);
        });
    }

    /** What no suite runs is forgotten. */
    @Test
    void everyScenarioIsInASuite() {
        Set<String> run = Suite.names().stream()
                .flatMap(name -> Suite.named(name).parts().stream())
                .flatMap(part -> part.scenarios().stream())
                .collect(Collectors.toSet());

        assertThat(Scenarios.names())
                .filteredOn(name -> !run.contains(name))
                .containsExactlyInAnyOrder("topics-1000-long", "smoke");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{about: x} | needs parts",
                "{about: x, parts: [{contenders: [a]}]} | needs scenarios",
                "{about: x, parts: [{scenario: [a]}]} | scenario",
                "{about: x, parts: [{scenarios: [a], rounds: 0}]} | rounds must be 1 or more, not 0",
            })
    void whatIsWrongIsTold(String yaml, String said) throws Exception {
        Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Suite.named(file.toString()))
                .withMessageContaining("mine.yaml")
                .withMessageContaining(said);
    }
}
