package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.embedded.TemporaryFolder;

final class LeftoversTest {

    private TemporaryFolder folder;
    private Process process;

    @BeforeEach
    void aProcessThatStandsStillAndAFolder() throws Exception {
        folder = TemporaryFolder.create("leftovers-test");
        Files.writeString(Files.createDirectory(folder.path().resolve("kafka")).resolve("segment"), "records");
        process = new ProcessBuilder("sleep", "60").start();
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @AfterEach
    void clear() {
        process.destroyForcibly();
        folder.close();
    }

    @Test
    void nothingIsLeft() throws Exception {
        new Leftovers(() -> Stream.of(process.toHandle()), folder, false).clear();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void theFolderIsLeftWhereItIsToBeKept() throws Exception {
        new Leftovers(() -> Stream.of(process.toHandle()), folder, true).clear();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.path().resolve("kafka").resolve("segment")).exists();
    }
}
