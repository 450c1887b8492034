package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    @Test
    void theStoreIsTheSumOfItsFilesHoweverDeepTheyLie() throws IOException {
        StoreMeters store = new QueueMetrics(registry, "cpjobqueue").store(folder);
        Path deep = Files.createDirectories(folder.resolve("cluster/application/0_1/rocksdb"));
        Files.write(deep.resolve("000012.sst"), new byte[70_000]);
        Files.write(folder.resolve("in-use.lock"), new byte[3]);

        store.refresh();

        assertThat(value("jobqueue.scheduler.store.bytes")).isEqualTo(70_003);
    }

    @Test
    void theDiskIsThatOfTheFolder() throws IOException {
        StoreMeters store = new QueueMetrics(registry, "cpjobqueue").store(folder);

        store.refresh();

        assertThat((long) value("jobqueue.scheduler.disk.size.bytes"))
                .isEqualTo(Files.getFileStore(folder).getTotalSpace());
        assertThat(value("jobqueue.scheduler.disk.free.bytes"))
                .isPositive()
                .isLessThanOrEqualTo(value("jobqueue.scheduler.disk.size.bytes"));
    }

    @Test
    void ofAFolderThatIsGoneTheLastIsTold() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Files.write(gone.resolve("file"), new byte[5]);
        StoreMeters store = new QueueMetrics(registry, "cpjobqueue").store(gone);
        store.refresh();
        Files.delete(gone.resolve("file"));
        Files.delete(gone);

        store.refresh();

        assertThat(value("jobqueue.scheduler.store.bytes")).isEqualTo(5);
    }

    private double value(String name) {
        return registry.get(name).gauge().value();
    }
}
