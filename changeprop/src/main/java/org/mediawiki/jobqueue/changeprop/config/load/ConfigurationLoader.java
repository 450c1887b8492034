package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Reads configurations. Stateless between calls; blocks on files, so never call it on an event loop. */
public final class ConfigurationLoader {

    /** A configuration for a thousand wikis has some 30 KB. */
    static final int MAX_FILE_BYTES = 1 << 20;

    private final Schema schema = Schema.ofConfiguration();
    private final Environment environment;
    private final Preset preset;
    private final List<Check> checks;

    /**
     * Prepares for files of one environment.
     *
     * @param variables what {@code ${NAME}} is replaced with
     * @param isReadable whether a file that the configuration names can be read; say always yes where another
     *     machine's configuration is checked
     */
    public ConfigurationLoader(Map<String, String> variables, Predicate<Path> isReadable) {
        this(variables, isReadable, Preset.NONE);
    }

    private ConfigurationLoader(Map<String, String> variables, Predicate<Path> isReadable, Preset preset) {
        this.preset = preset;
        this.environment = new Environment(Map.copyOf(variables));
        this.checks = List.of(
                new StructureCheck(schema),
                new ReferenceCheck(),
                new KafkaCheck(),
                new KafkaCombinationCheck(),
                new EndpointCheck(),
                new FileCheck(isReadable));
    }

    /** Loads a file for use on this machine. */
    public static LoadResult load(Path file, Map<String, String> variables) {
        return new ConfigurationLoader(variables, Files::isReadable).load(file);
    }

    /** For files that say nothing of Kafka: {@code jobqueue standalone} has its own, which will be at {@code brokerAddress}. */
    public static ConfigurationLoader standalone(
            Map<String, String> variables, Predicate<Path> isReadable, String brokerAddress) {
        return new ConfigurationLoader(variables, isReadable, Preset.standalone(brokerAddress));
    }

    /** Loads a file. Never throws for what is in it, nor for a file that is not there. */
    public LoadResult load(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                return refused("is larger than 1 MiB", "a configuration has some KB; is this the right file?");
            }
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return refused("there is no such file", "looked for " + file.toAbsolutePath());
        } catch (CharacterCodingException e) {
            return refused("is not UTF-8 text", "save it as UTF-8");
        } catch (IOException e) {
            return refused("cannot be read", String.valueOf(e.getMessage()));
        }
    }

    /** Loads a text as if it was a file's. */
    public LoadResult parse(String yaml) {
        List<Problem> problems = new ArrayList<>();
        Optional<Document> document = YamlReader.read(yaml, environment, schema, problems);
        document.ifPresent(found -> {
            schema.dropNulls(found.root(), JsonPointer.empty());
            preset.apply(found, problems::add);
            checks.forEach(check -> check.check(found, problems::add));
        });
        return document.isPresent() && problems.isEmpty()
                ? new LoadResult.Loaded(Binding.toRecords(Completion.of(document.get(), schema)))
                : new LoadResult.Refused(oneForEachPath(problems));
    }

    /** The first finding for a path is the cause, the others are its consequences. */
    private static List<Problem> oneForEachPath(List<Problem> problems) {
        Map<String, Problem> first = new LinkedHashMap<>();
        problems.forEach(problem -> first.putIfAbsent(problem.path(), problem));
        return first.values().stream().sorted(Problem.BY_LINE).toList();
    }

    private static LoadResult refused(String rule, String hint) {
        return new LoadResult.Refused(List.of(new Problem("", OptionalInt.empty(), "", rule, hint)));
    }
}
