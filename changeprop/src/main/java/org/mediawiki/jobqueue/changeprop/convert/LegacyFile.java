package org.mediawiki.jobqueue.changeprop.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A file to convert from.
 *
 * @param name as the user wrote it
 * @param text its content
 */
public record LegacyFile(String name, String text) {

    /** The whole of several files: the later ones go on top, map by map, as Helm lays values over another. */
    static Optional<Map<String, Object>> merged(List<LegacyFile> files, Findings findings) {
        Map<String, Object> whole = new LinkedHashMap<>();
        for (LegacyFile file : files) {
            file.parse(findings).ifPresent(values -> layOver(whole, values));
        }
        return findings.hasRefused() ? Optional.empty() : Optional.of(whole);
    }

    /** Anchors and merge keys are followed; no tag constructs a Java object; a key written twice is an error. */
    private Optional<Map<String, Object>> parse(Findings findings) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Object content = new Yaml(new SafeConstructor(options)).load(text);
            if (content instanceof Map<?, ?> map) {
                return Optional.of(named(map));
            }
            findings.refuse(name, "must be a map of keys and values", "is this the right file?");
        } catch (YAMLException e) {
            findings.refuse(
                    name,
                    "is not valid YAML",
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return Optional.empty();
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }

    private static void layOver(Map<String, Object> below, Map<String, Object> above) {
        above.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map && below.get(key) instanceof Map<?, ?> under) {
                Map<String, Object> both = named(under);
                layOver(both, named(map));
                below.put(key, both);
            } else {
                below.put(key, value);
            }
        });
    }
}
