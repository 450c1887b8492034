package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    @TempDir
    private Path parent;

    @Test
    void eachHolderHasAFolderOfItsOwnAndTheNextFindsWhatWasLeft() throws IOException {
        try (StateFolder first = StateFolder.firstFreeIn(parent)) {
            Files.writeString(first.path().resolve("left"), "behind");
            try (StateFolder second = StateFolder.firstFreeIn(parent)) {
                assertThat(second.path()).isDirectory().isNotEqualTo(first.path());
            }
        }
        try (StateFolder next = StateFolder.firstFreeIn(parent)) {
            assertThat(next.path().resolve("left")).hasContent("behind");
        }
    }

    @Test
    void aFolderThatIsGivenHasOneHolderAtATime() {
        try (StateFolder held = StateFolder.at(parent)) {
            assertThat(held.path()).isEqualTo(parent);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> StateFolder.at(parent))
                    .withMessageContaining("in use");
        }
        StateFolder.at(parent).close();
    }

    /** What deletes old files from {@code /tmp} does not ask whether somebody holds a lock on them. */
    @Test
    void aLockIsAsNewAsThePresentOnceItWasFreshened() throws IOException {
        Instant now = Instant.parse("2026-11-27T12:00:00Z");
        try (StateFolder held = StateFolder.firstFreeIn(parent)) {
            Path lock = parent.resolve("0.lock");
            Files.setLastModifiedTime(lock, FileTime.from(now.minus(Duration.ofDays(10))));

            held.freshen(now);

            assertThat(Files.getLastModifiedTime(lock).toInstant()).isEqualTo(now);
        }
    }

    @Test
    void saysWhereNothingCanBeWritten() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> StateFolder.firstFreeIn(file))
                .withMessageContaining(file.toString());
    }
}
