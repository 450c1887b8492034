package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {

    private static final String VALID = """
            kafka: {bootstrap_servers: ['kafka:9092']}
            targets: {runner: {uri: 'https://runner/'}}
            """;

    private static final String WIKI = "targets: {wiki: {uri: 'https://wiki.example/'}}\n";

    private static final ConfigurationLoader LOADER = new ConfigurationLoader(Map.of(), Files::isReadable);

    @TempDir
    private Path folder;

    private Path path;
    private WatchedFile file;

    @BeforeEach
    void load() throws IOException {
        path = Files.writeString(folder.resolve("jobqueue.yaml"), VALID);
        file = new WatchedFile(path, LOADER);
        assertThat(file.load()).isInstanceOf(LoadResult.Loaded.class);
    }

    @Test
    void whatDoesNotChangeIsNotLoadedAgain() throws IOException {
        assertThat(file.loadIfChanged()).isEmpty();
        Files.writeString(path, VALID);
        assertThat(file.loadIfChanged()).isEmpty();
        assertThat(file.loadIfChanged()).isEmpty();
    }

    @Test
    void aChangeIsLoadedOnceWhenItWasSeenTwiceAlike() throws IOException {
        Files.writeString(path, VALID + "retry: {limit: 1}");
        assertThat(file.loadIfChanged()).isEmpty();
        Files.writeString(path, VALID + "retry: {limit: 15}");
        assertThat(file.loadIfChanged()).as("somebody still writes").isEmpty();
        assertThat(file.loadIfChanged().map(WatchedFileTest::retries)).contains(15);
        assertThat(file.loadIfChanged()).isEmpty();
    }

    @Test
    void whatIsTakenBackBeforeItWasLoadedIsNoChange() throws IOException {
        Files.writeString(path, VALID + "retry: {limit: 1}");
        assertThat(file.loadIfChanged()).isEmpty();
        Files.writeString(path, VALID);
        assertThat(file.loadIfChanged()).isEmpty();
        assertThat(file.loadIfChanged()).isEmpty();
    }

    @Test
    void anInvalidFileIsRefusedOnceAndItsCorrectionIsLoaded() throws IOException {
        Files.writeString(path, "kafka: no");
        assertThat(twice()).containsInstanceOf(LoadResult.Refused.class);
        assertThat(twice()).isEmpty();
        Files.writeString(path, VALID);
        assertThat(twice()).containsInstanceOf(LoadResult.Loaded.class);
    }

    @Test
    void aFileThatIsGoneIsRefusedAndOneThatIsBackIsLoaded() throws IOException {
        Files.delete(path);
        assertThat(twice()).containsInstanceOf(LoadResult.Refused.class);
        Files.writeString(path, VALID);
        assertThat(twice()).containsInstanceOf(LoadResult.Loaded.class);
    }

    @Test
    void aLinkThatLeadsElsewhereIsAChange() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(one.resolve("jobqueue.yaml"), VALID);
        Files.writeString(other.resolve("jobqueue.yaml"), VALID + "retry: {limit: 7}");
        Path data = Files.createSymbolicLink(folder.resolve("data"), one);
        WatchedFile linked = new WatchedFile(data.resolve("jobqueue.yaml"), LOADER);
        linked.load();
        Files.delete(data);
        Files.createSymbolicLink(data, other);

        assertThat(linked.loadIfChanged()).isEmpty();
        assertThat(linked.loadIfChanged().map(WatchedFileTest::retries)).contains(7);
    }

    /** What a command says in the file's place it says of every later version, too. */
    @Test
    void aChangeIsReadAsTheFirstVersionWas() throws IOException {
        Path wiki = Files.writeString(folder.resolve("wiki.yaml"), WIKI);
        WatchedFile standalone =
                new WatchedFile(wiki, ConfigurationLoader.standalone(Map.of(), Files::isReadable, "127.0.0.1:19092"));
        LoadResult first = standalone.load();
        Files.writeString(wiki, WIKI + "retry: {limit: 7}");

        assertThat(standalone.loadIfChanged()).isEmpty();
        LoadResult next = standalone.loadIfChanged().orElseThrow();

        assertThat(retries(next)).isEqualTo(7);
        assertThat(kafka(next)).isEqualTo(kafka(first)).contains("127.0.0.1:19092");
    }

    private Optional<LoadResult> twice() {
        Optional<LoadResult> first = file.loadIfChanged();
        return first.isPresent() ? first : file.loadIfChanged();
    }

    private static String kafka(LoadResult result) {
        return result.match(loaded -> loaded.configuration().kafka().toString(), refused -> "refused");
    }

    private static int retries(LoadResult result) {
        return result.match(loaded -> loaded.configuration().retry().limit(), refused -> -1);
    }
}
