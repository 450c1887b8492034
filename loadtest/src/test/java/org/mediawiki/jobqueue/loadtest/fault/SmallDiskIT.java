package org.mediawiki.jobqueue.loadtest.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where this machine allows no namespaces, there is nothing to be tried. */
final class SmallDiskIT {

    @TempDir
    private Path folder;

    @Test
    void whatRunsInItFindsItFullUntilItIsRelieved() throws Exception {
        try (SmallDisk disk = disk()) {
            assertThat(write(disk, "before")).isEmpty();
            disk.fill();
            assertThat(write(disk, "full")).contains("No space left on device");
            disk.relieve();
            assertThat(write(disk, "after")).isEmpty();
        }
        assertThat(folder).as("seen from outside").isEmptyDirectory();
    }

    private SmallDisk disk() {
        try {
            return SmallDisk.over(folder);
        } catch (IOException e) {
            return abort("a full disk cannot be tried here: " + e.getMessage());
        }
    }

    private String write(SmallDisk disk, String name) throws IOException {
        List<String> command = List.of(
                "sh",
                "-c",
                "head -c 10000 /dev/zero > \"$0\"",
                folder.resolve(name).toString());
        Process process = new ProcessBuilder(disk.around(command))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
