package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario.DispatcherSpec;

/** Knows contenders by their names. */
public final class Contenders {

    /** What {@code --contender} takes. */
    public static final String NAMES =
            "jobqueue, traced@RATIO (the same with tracing), NAME=jobqueue+KEYS (the same with more keys of its configuration, in YAML),"
                    + " NAME=jobqueue@JAR (the loadtest jar of another version), bare-loop, or a YAML file with the keys name and command";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final String OTHER_VERSION = "=jobqueue@";
    private static final String OTHER_KEYS = "=jobqueue+";

    /** From this Java on, native libraries are loaded with a warning unless it is allowed (JEP 472). */
    private static final int ASKS_FOR_NATIVE_ACCESS = 24;

    private static final Pattern TRACED = Pattern.compile("traced@(0|1|0\\.[0-9]+)");

    private Contenders() {}

    /**
     * The contender of that name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Contender named(String name) {
        if (name.equals("jobqueue")) {
            return present(name);
        } else if (name.equals("bare-loop")) {
            return new BareLoopContender();
        }
        Matcher traced = TRACED.matcher(name);
        if (traced.matches()) {
            return new TracedContender(present(name), Double.parseDouble(traced.group(1)));
        }
        int version = name.indexOf(OTHER_VERSION);
        if (version > 0) {
            String jar = requireFile(name.substring(version + OTHER_VERSION.length()));
            return new JobQueueContender(name.substring(0, version), jar, List.of(), YAML.createObjectNode());
        }
        int keys = name.indexOf(OTHER_KEYS);
        if (keys > 0) {
            return present(name.substring(0, keys)).with(keys(name.substring(keys + OTHER_KEYS.length())));
        }
        return ofFile(Path.of(requireFile(name)));
    }

    /** This version, under any name. */
    private static JobQueueContender present(String name) {
        return new JobQueueContender(name, System.getProperty("java.class.path"), fastStart(), YAML.createObjectNode());
    }

    private static ObjectNode keys(String text) {
        try {
            if (YAML.readTree(text) instanceof ObjectNode keys) {
                return keys;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no YAML: " + text + ": " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("no keys of a configuration, such as {dedupe: {store: 'off'}}: " + text);
    }

    /** With the archive that {@code bin/jobqueue} has made, if it has. */
    private static List<String> fastStart() {
        String option = System.getProperty("jobqueue.archive_option", "");
        return option.isEmpty() ? List.of() : List.of(option);
    }

    private static String requireFile(String file) {
        if (!Files.isRegularFile(Path.of(file))) {
            throw new IllegalArgumentException("no contender and no file: " + file + "; known are " + NAMES);
        }
        return file;
    }

    /**
     * Any program. In the words of its command {@code {bootstrap_servers}}, {@code {dc}}, {@code {topics}} (with commas),
     * {@code {target}}, {@code {ca}}, {@code {limit}} (of all together), {@code {limits}} (of each topic, with commas),
     * {@code {folder}} and {@code {instance}} are replaced.
     */
    private static Contender ofFile(Path file) {
        try {
            JsonNode yaml = YAML.readTree(file.toFile());
            List<String> words = new ArrayList<>();
            yaml.path("command").forEach(word -> words.add(word.asText()));
            if (words.isEmpty() || !yaml.hasNonNull("name")) {
                throw new IllegalArgumentException(file + " needs the keys name and command (a list of words)");
            }
            return new Program(yaml.get("name").asText(), words);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private record Program(String name, List<String> words) implements Contender {

        @Override
        public List<String> command(Course course, int instance) {
            Map<String, String> known = Map.of(
                    "{bootstrap_servers}", course.bootstrapServers(),
                    "{dc}", course.dc(),
                    "{topics}", String.join(",", topics(course)),
                    "{target}", course.target().toString(),
                    "{ca}", course.caFile().toString(),
                    "{limit}", Integer.toString(course.dispatcher().sumOfLimits()),
                    "{limits}", limits(course),
                    "{folder}", course.folder().toString(),
                    "{instance}", Integer.toString(instance));
            return words.stream().map(word -> filled(word, known)).toList();
        }

        /** In the order of the topics; a type without a limit of its own may have all. */
        private static String limits(Course course) {
            DispatcherSpec dispatcher = course.dispatcher();
            return course.types().stream()
                    .map(type -> dispatcher.limitOf(type).orElse(dispatcher.sumOfLimits()))
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
        }

        private static String filled(String word, Map<String, String> known) {
            String filled = word;
            for (Map.Entry<String, String> place : known.entrySet()) {
                filled = filled.replace(place.getKey(), place.getValue());
            }
            return filled;
        }
    }

    static List<String> topics(Course course) {
        return course.types().stream()
                .map(type -> course.dc() + ".mediawiki.job." + type)
                .toList();
    }

    /** The beginning of the command line of a Java program with this class path. */
    static List<String> java(Course course, List<String> startOptions, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // As bin/jobqueue gives it: a process that has run out of memory must not seem to go on.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(course.jvmOptions());
        command.addAll(startOptions);
        if (Runtime.version().feature() >= ASKS_FOR_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath));
        return command;
    }
}
