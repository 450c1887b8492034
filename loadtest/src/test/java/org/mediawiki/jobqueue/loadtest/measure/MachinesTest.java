package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;

final class MachinesTest {

    @TempDir
    private Path folder;

    @Test
    void whatCannotBeDoneToAnInstanceIsLeftOutAndTold() throws Exception {
        Scenario scenario = scenario("{at: 1s, for: 1s, full_disk: 0}");

        try (Machines machines = Machines.of(scenario, new BareLoopContender(), folder)) {
            assertThat(machines.leftOut()).contains("it keeps nothing on disk");
            assertThat(machines.diskOf(0)).isEmpty();
            assertThat(machines.around(0, List.of("run"))).containsExactly("run");
        }
    }

    @Test
    void anInstanceToWhichNothingHappensRunsAsItIs() throws Exception {
        Scenario scenario = scenario("{at: 1s, for: 1s, clock: {instance: 1, by: -90s}}");

        try (Machines machines = Machines.of(scenario, new BareLoopContender(), folder)) {
            assertThat(machines.leftOut()).isEmpty();
            assertThat(machines.jvmOptions(0)).isEmpty();
            assertThat(machines.jvmOptions(1)).singleElement().asString().startsWith("-javaagent:");
        }
    }

    private Scenario scenario(String event) throws Exception {
        String yaml = "{about: one, load: [{types: [a], backlog: 1}], length: 9s, dispatcher: {instances: 2}, events: ["
                + event + "]}";
        return Scenarios.named(
                Files.writeString(folder.resolve("one.yaml"), yaml).toString());
    }
}
