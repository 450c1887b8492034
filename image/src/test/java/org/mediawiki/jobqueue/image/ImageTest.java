package org.mediawiki.jobqueue.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.image.ImageArchive.Entry;

class ImageTest {

    private static final long JIBS_EPOCH_SECONDS = 1;

    private static ImageArchive image = new ImageArchive(new ObjectMapper().createObjectNode(), List.of());

    @BeforeAll
    static void readTheImage() throws IOException {
        image = ImageArchive.read(Path.of("target", "jib-image.tar"));
    }

    @Test
    void runsAsAUserWithoutRights() {
        assertThat(image.configuration().at("/config/User").asText()).isEqualTo("65532:65532");
    }

    @Test
    void startsTheServicesCommands() {
        List<String> entrypoint = image.words("Entrypoint");

        assertThat(entrypoint).first().isEqualTo("java");
        assertThat(entrypoint).last().isEqualTo("org.mediawiki.jobqueue.changeprop.Main");
        assertThat(entrypoint).contains("-XX:+ExitOnOutOfMemoryError");
        assertThat(image.words("Cmd")).isEmpty();
    }

    @Test
    void leavesTheSizeOfTheHeapToTheDeployment() {
        assertThat(image.words("Entrypoint")).noneMatch(word -> word.contains("RAM") || word.startsWith("-Xm"));
        assertThat(image.words("Env")).contains("JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50");
    }

    @Test
    void namesThePortsOfOperatorsAndOfTheIntake() {
        JsonNode ports = image.configuration().at("/config/ExposedPorts");

        assertThat(ports.properties())
                .extracting(entry -> entry.getKey())
                .containsExactlyInAnyOrder("9102/tcp", "8192/tcp");
    }

    @Test
    void everyLibraryStandsThereOnceAndOursAreAmongThem() {
        List<String> jars = image.files().stream()
                .map(Entry::name)
                .filter(name -> name.startsWith("app/libs/") && name.endsWith(".jar"))
                .toList();

        assertThat(jars).extracting(ImageTest::withoutVersion).doesNotHaveDuplicates();
        assertThat(jars)
                .anyMatch(name -> name.contains("changeprop"))
                .anyMatch(name -> name.contains("jobrunner"))
                .anyMatch(name -> name.contains("kafka-clients"))
                .anyMatch(name -> name.contains("kafka_2.13"))
                .noneMatch(name -> name.contains("loadtest") || name.contains("junit"));
    }

    /** {@code app/libs/netty-common-4.2.18.Final.jar} without its version; what is for one platform counts by itself. */
    private static String withoutVersion(String jar) {
        return jar.replaceFirst("-\\d[^-]*(?:-SNAPSHOT)?", "");
    }

    /** What seldom changes lies below what often does, so that a new version is a small download. */
    @Test
    void ourOwnCodeIsInALayerAboveTheLibraries() {
        int libraries = layerWith("kafka-clients");
        int ours = layerWith("changeprop");

        assertThat(ours).isGreaterThan(libraries);
    }

    private static int layerWith(String jar) {
        for (int i = 0; i < image.layers().size(); i++) {
            if (image.layers().get(i).stream().anyMatch(entry -> entry.name().contains("/" + jar + "-"))) {
                return i;
            }
        }
        throw new AssertionError("no layer with " + jar);
    }

    @Test
    void nothingInItSaysWhenItWasBuilt() {
        List<Entry> ours = image.files().stream()
                .filter(entry -> entry.name().startsWith("app/"))
                .toList();

        assertThat(ours).isNotEmpty().allMatch(entry -> entry.modifiedSeconds() == JIBS_EPOCH_SECONDS);
        assertThat(image.configuration().path("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void nobodyButRootMayChangeIt() {
        assertThat(image.files())
                .filteredOn(entry -> entry.name().startsWith("app/"))
                .allMatch(entry -> (entry.mode() & 0022) == 0);
    }

    @Test
    void bringsItsBillOfMaterials() throws IOException {
        Entry sbom = image.files().stream()
                .filter(entry -> entry.name().equals("app/resources/META-INF/sbom/application.cdx.json"))
                .findFirst()
                .orElseThrow();
        JsonNode bom = new ObjectMapper().readTree(sbom.text());

        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(StreamSupport.stream(bom.path("components").spliterator(), false)
                        .map(component -> component.path("name").asText()))
                .contains("kafka-clients", "vertx-core", "rocksdbjni")
                .doesNotContain("junit-jupiter");
        assertThat(bom.has("serialNumber")).isFalse();
    }
}
