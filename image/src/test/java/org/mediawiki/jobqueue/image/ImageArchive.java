package org.mediawiki.jobqueue.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image as {@code docker save} writes it.
 *
 * @param configuration what a container is started with
 * @param layers the files of each layer, the base's first
 */
record ImageArchive(JsonNode configuration, List<List<Entry>> layers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One file in a layer.
     *
     * @param text its content; empty of what is larger than a bill of materials would be
     */
    record Entry(String name, long modifiedSeconds, int mode, String text) {}

    private static final int LARGEST_READ = 4 << 20;

    static ImageArchive read(Path file) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(files.get("manifest.json")).path(0);
        List<List<Entry>> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("Layers")) {
            layers.add(entries(files.getOrDefault(layer.asText(), new byte[0])));
        }
        return new ImageArchive(JSON.readTree(files.get(manifest.path("Config").asText())), layers);
    }

    private static List<Entry> entries(byte[] layer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(layer));
                TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String text =
                        entry.getSize() > LARGEST_READ ? "" : new String(tar.readAllBytes(), StandardCharsets.UTF_8);
                entries.add(new Entry(
                        entry.getName(), entry.getLastModifiedTime().toMillis() / 1000, entry.getMode(), text));
            }
        }
        return entries;
    }

    List<Entry> files() {
        return layers.stream().flatMap(List::stream).toList();
    }

    List<String> words(String key) {
        List<String> words = new ArrayList<>();
        configuration.path("config").path(key).forEach(word -> words.add(word.asText()));
        return words;
    }
}
