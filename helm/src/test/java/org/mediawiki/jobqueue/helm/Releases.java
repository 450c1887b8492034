package org.mediawiki.jobqueue.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One release of {@code helmfile.yaml} in one environment, and the values that helmfile would give to Helm. Understands
 * as much of helmfile as the file uses, and fails for anything else.
 */
record Releases(String environment, String release, List<Path> values) {

    private static final Path HELMFILE = Path.of("helmfile.yaml");
    private static final Pattern RENDERED =
            Pattern.compile("/(templates/\\w+|releases\\[])/(values\\[]|setTemplate\\[]/value|installedTemplate)");

    private static final Pattern NOT_IN = Pattern.compile("\\{\\{ ne \\.Environment\\.Name \"(?<name>[a-z]+)\" }}");

    static List<Releases> all() {
        try {
            YAMLMapper yaml = new YAMLMapper();
            String[] documents = Files.readString(HELMFILE).split("\n---\n", -1);
            JsonNode environments = yaml.readTree(documents[0]).path("environments");
            JsonNode file = yaml.readTree(documents[1]);
            refuseUnrendered(file, "");
            List<Releases> all = new ArrayList<>();
            environments
                    .fieldNames()
                    .forEachRemaining(environment -> file.path("releases").forEach(release -> {
                        if (isInstalled(release, environment)) {
                            all.add(of(environment, release, file.path("templates")));
                        }
                    }));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Releases of(String environment, JsonNode release, JsonNode templates) {
        String name = release.path("name").asText();
        JsonNode template =
                templates.path(release.path("inherit").path(0).path("template").asText());
        if (!template.path("chart").asText().equals("./jobqueue")) {
            throw new AssertionError("unknown chart of release " + name);
        }
        List<Path> values = new ArrayList<>();
        template.path("values")
                .forEach(file -> values.add(Path.of(file.asText()
                        .replace("{{ .Environment.Name }}", environment)
                        .replace("{{ .Release.Name }}", name))));
        return new Releases(environment, name, values);
    }

    /** Elsewhere helmfile takes an expression for what it says, and passes it on. */
    private static void refuseUnrendered(JsonNode node, String path) {
        if (node.isTextual()
                && node.asText().contains("{{")
                && !RENDERED.matcher(path).matches()) {
            throw new AssertionError("helmfile does not render " + path + ": " + node.asText());
        }
        if (node.isArray()) {
            node.forEach(item -> refuseUnrendered(item, path + "[]"));
        }
        node.properties().forEach(entry -> refuseUnrendered(entry.getValue(), path + "/" + entry.getKey()));
    }

    private static boolean isInstalled(JsonNode release, String environment) {
        String condition = release.path("installedTemplate").asText();
        if (condition.isEmpty()) {
            return true;
        }
        Matcher notIn = NOT_IN.matcher(condition);
        if (!notIn.matches()) {
            throw new AssertionError("not understood: " + condition);
        }
        return !notIn.group("name").equals(environment);
    }

    Manifests render() {
        return Chart.render(release, values);
    }

    @Override
    public String toString() {
        return environment + " " + release;
    }
}
