package org.mediawiki.jobqueue.loadtest.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code java -jar changeprop-….jar} needs, and nothing else: the broker of {@code dev} is named artifact by
 * artifact in changeprop's POM, so a new one of Kafka's would slip in unseen.
 */
final class ProductionClassPathTest {

    private static final Path LIBRARIES = Page.REPOSITORY.resolve("changeprop/target/lib");

    @Test
    void holdsTheServiceAloneWithoutTheEmbeddedBroker() throws IOException {
        // Only packaging copies them; mvn test alone does not.
        assumeThat(LIBRARIES).isDirectory();
        List<String> expected = Files.readAllLines(Path.of("src/test/resources/production-jars.txt"));

        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            assertThat(jars.map(ProductionClassPathTest::artifact).distinct())
                    .as("jars in changeprop/target/lib (mvn clean removes those of earlier builds);"
                            + " what belongs there is listed in production-jars.txt")
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String artifact(Path jar) {
        return jar.getFileName().toString().replaceFirst("-[0-9][0-9A-Za-z._-]*\\.jar$", "");
    }
}
