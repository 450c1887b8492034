package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario.DispatcherSpec;

/** What can be done to the service can be done to the same with traces. */
final class TracedContenderTest {

    @TempDir
    private Path folder;

    private final Contender contender = Contenders.named("traced@0.5");

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
                0);
    }

    @AfterEach
    void end() {
        contender.end();
    }

    @Test
    void itHasMetricsAndItsFileCanBeChangedAndSpoiled() throws IOException {
        assertThat(contender.metrics(9102)).contains(URI.create("http://127.0.0.1:9102/metrics"));

        contender.pause(folder, 0, "type", true);
        JsonNode paused = file();
        contender.spoil(folder, 0);
        JsonNode spoiled = file();
        contender.mend(folder, 0);

        assertThat(paused.at("/lanes/main/jobs/type/paused").asBoolean()).isTrue();
        assertThat(spoiled).isNotEqualTo(paused);
        assertThat(file()).isEqualTo(paused);
    }

    @Test
    void nobodyListensForItsSpansWhenItIsTriedNoMore() throws IOException {
        URI collector = URI.create(file().at("/tracing/endpoint").asText());
        new Socket(collector.getHost(), collector.getPort()).close();

        contender.end();

        assertThatThrownBy(() -> new Socket(collector.getHost(), collector.getPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    private JsonNode file() throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(folder.resolve("jobqueue-0.yaml").toFile());
    }
}
