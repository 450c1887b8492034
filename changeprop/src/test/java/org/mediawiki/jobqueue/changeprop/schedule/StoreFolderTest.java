package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.runner.FakeTime;

class StoreFolderTest {

    private final FakeTime time = new FakeTime();

    @TempDir
    private Path parent;

    @Test
    void keepsWhatWasUsedNotLongAgo() throws IOException {
        Path store = Files.writeString(folder().open().resolve("store"), "kept");
        time.advance(Duration.ofDays(3));
        folder().touch();
        time.advance(Duration.ofDays(3));
        folder().open();
        assertThat(store).hasContent("kept");
    }

    @Test
    void throwsAwayWhatOthersMayHaveReleasedSince() throws IOException {
        Path deep = Files.createDirectories(folder().open().resolve("a").resolve("b"));
        Files.writeString(deep.resolve("store"), "stale");
        time.advance(Duration.ofDays(4));
        assertThat(folder().open()).isDirectory();
        assertThat(deep).doesNotExist();
    }

    @Test
    void keepsTheClustersApart() throws IOException {
        Files.writeString(folder().open().resolve("store"), "of one");
        Path other = new StoreFolder(parent, "other", time).open();
        assertThat(other.resolve("store")).doesNotExist();
    }

    private StoreFolder folder() {
        return new StoreFolder(parent, "cluster", time);
    }
}
