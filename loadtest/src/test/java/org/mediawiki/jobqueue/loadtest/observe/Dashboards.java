package org.mediawiki.jobqueue.loadtest.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The dashboards that come with the chart. */
public final class Dashboards {

    static final Path FOLDER = Path.of("..", "helm", "jobqueue", "dashboards");

    private Dashboards() {}

    /** Each as Grafana reads it. */
    static List<JsonNode> all() {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                dashboards.add(json.readTree(file.toFile()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return dashboards;
    }

    /** Every query of every panel, with its variables still in it. */
    public static List<String> queries() {
        List<String> queries = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            for (JsonNode panel : dashboard.get("panels")) {
                panel.path("targets")
                        .forEach(target -> queries.add(target.get("expr").asText()));
            }
        }
        return queries;
    }
}
