package org.mediawiki.jobqueue.changeprop.convert;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;

/** From files of the legacy service to a configuration of ours. Pure. */
public final class Conversion {

    private final Findings findings = new Findings();

    private Conversion() {}

    /**
     * Converts a {@code config.yaml}, or Helm values.
     *
     * @param files one {@code config.yaml}; or values, each laid over the one before
     * @param sectionsFile a file with a map {@code sections}, for values, which do not have it
     */
    public static ConversionResult of(List<LegacyFile> files, Optional<LegacyFile> sectionsFile) {
        Conversion conversion = new Conversion();
        return conversion
                .queue(files, sectionsFile)
                .filter(unusedQueue -> !conversion.findings.hasRefused())
                .map(conversion::written)
                .orElseGet(() -> new ConversionResult.Refused(conversion.findings.refusals()));
    }

    private Optional<LegacyQueue> queue(List<LegacyFile> files, Optional<LegacyFile> sectionsFile) {
        Map<String, String> sections = sectionsFile.map(this::sections).orElse(Map.of());
        return LegacyFile.merged(files, findings).flatMap(whole -> {
            Optional<LegacyQueue> queue = read(Block.root(whole, findings), sections);
            if (queue.filter(found -> found.rules().isEmpty()).isPresent()) {
                findings.refuse("", "has no rule that runs a job", "is it the configuration of a job queue?");
            }
            return queue;
        });
    }

    private Optional<LegacyQueue> read(Block root, Map<String, String> sections) {
        if (root.has("main_app")) {
            return Optional.of(HelmReader.read(root, sections));
        } else if (root.has("services")) {
            return Optional.of(RenderedReader.read(root));
        }
        findings.refuse(
                "",
                "is neither the legacy service's config.yaml nor values of its chart",
                "the one has a key `services`, the others a key `main_app`");
        return Optional.empty();
    }

    private Map<String, String> sections(LegacyFile file) {
        Map<String, String> sections = new LinkedHashMap<>();
        LegacyFile.merged(List.of(file), findings).ifPresent(whole -> {
            Block table = Block.root(whole, findings).blockOrEmpty("sections");
            table.keys().forEach(wiki -> table.text(wiki).ifPresent(section -> sections.put(wiki, section)));
            if (sections.isEmpty()) {
                findings.refuse(file.name(), "has no map `sections`", "such as {default: s3, enwiki: s1}");
            }
        });
        return sections;
    }

    /** The service's own loader has the last word, so that what is written can be used. */
    private ConversionResult written(LegacyQueue queue) {
        Lanes lanes = Lanes.of(queue, findings);
        GeneralDifferences.tell(queue, findings);
        String yaml = NativeText.of(queue, lanes);
        // Certificates lie on another machine, and so does the password.
        ConfigurationLoader loader =
                new ConfigurationLoader(Map.of(NativeText.REDIS_PASSWORD, "secret"), unusedFile -> true);
        return loader.parse(yaml)
                .match(
                        unusedLoaded -> new ConversionResult.Converted(yaml, sorted(findings.differences())),
                        refused -> new ConversionResult.Refused(refused.problems().stream()
                                .map(Conversion::asRefusal)
                                .toList()));
    }

    private static Refusal asRefusal(Problem problem) {
        return new Refusal("(converted) " + problem.path(), problem.rule(), problem.hint());
    }

    private static List<Difference> sorted(List<Difference> differences) {
        return differences.stream()
                .sorted(Comparator.comparing(Difference::kind))
                .toList();
    }
}
