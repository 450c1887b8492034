package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario.DispatcherSpec;

/** What a scenario changes while instances run stands in their files. */
final class JobQueueContenderTest {

    private static final int INSTANCE = 1;

    @TempDir
    private Path folder;

    private final Contender contender = Contenders.named("jobqueue");

    @BeforeEach
    void aFile() throws IOException {
        JsonNode limit = JsonNodeFactory.instance.objectNode().put("concurrency", 5);
        DispatcherSpec dispatcher = new DispatcherSpec(
                1, Map.of("type", limit), Duration.ofSeconds(60), JsonNodeFactory.instance.objectNode());
        contender.command(
                new Course(
                        "127.0.0.1:9092",
                        "eqiad",
                        List.of("type"),
                        URI.create("https://127.0.0.1:4448/rpc/RunSingleJob.php"),
                        Files.createFile(folder.resolve("ca.pem")),
                        folder,
                        9102,
                        dispatcher,
                        List.of()),
                INSTANCE);
    }

    @Test
    void itIsAskedAtThePortThatItWasGiven() throws IOException {
        assertThat(contender.metrics(9102)).contains(URI.create("http://127.0.0.1:9102/metrics"));
        assertThat(file().at("/admin/port").asInt()).isEqualTo(9102);
    }

    @Test
    void aTypeHasAnotherLimitOrIsPaused() throws IOException {
        contender.limit(folder, INSTANCE, "type", 3);
        contender.pause(folder, INSTANCE, "type", true);

        assertThat(file().at("/lanes/main/jobs/type").toString()).isEqualTo("{\"concurrency\":3,\"paused\":true}");
    }

    @Test
    void aFileThatIsSpoiledIsAsItWasWhenItIsMended() throws IOException {
        JsonNode before = file();

        contender.spoil(folder, INSTANCE);

        assertThat(file()).isNotEqualTo(before);

        contender.mend(folder, INSTANCE);

        assertThat(file()).isEqualTo(before);
    }

    private JsonNode file() throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(folder.resolve("jobqueue-" + INSTANCE + ".yaml").toFile());
    }
}
