package org.mediawiki.jobqueue.changeprop.convert;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;
import org.mediawiki.jobqueue.changeprop.convert.LegacyRule.Role;

/**
 * The rules, sorted into lanes: one for each place that jobs are sent to.
 *
 * @param targets URIs by the name that they get
 * @param lanes by name
 */
record Lanes(Map<String, URI> targets, Map<String, Lane> lanes) {

    private static final String MAIN = "main";

    /**
     * One lane.
     *
     * @param target name of its target
     * @param jobs settings by job type
     * @param pool settings of every other type; empty where another lane has it, or none
     * @param exclude types that are not run
     */
    record Lane(String target, Map<String, JobSettings> jobs, Optional<RuleSettings> pool, Set<String> exclude) {}

    /**
     * Settings of one job type.
     *
     * @param perSection jobs at once of one section; empty: no such limit
     */
    record JobSettings(RuleSettings settings, Optional<Integer> perSection) {}

    static Lanes of(LegacyQueue queue, Findings findings) {
        Map<URI, String> names = new LinkedHashMap<>();
        queue.rules()
                .forEach(rule -> names.computeIfAbsent(rule.uri(), uri -> unique(targetName(uri), names.values())));
        Optional<URI> mainUri = mainUri(queue.rules());
        Map<String, URI> targets = new LinkedHashMap<>();
        Map<String, Lane> lanes = new LinkedHashMap<>();
        names.forEach((uri, target) -> {
            targets.put(target, uri);
            List<LegacyRule> rules = queue.rules().stream()
                    .filter(rule -> rule.uri().equals(uri))
                    .toList();
            lanes.put(laneName(uri, target, mainUri, queue.rules()), lane(target, rules, queue, findings));
        });
        Optional<LegacyRule> pool = pool(queue.rules());
        if (pool.isEmpty() && !lanes.isEmpty()) {
            findings.tell(
                    Kind.DIFFERS,
                    "",
                    "No rule takes every other job type, so none is run; as a lane `main` always would, none is named so.");
        }
        return new Lanes(targets, lanes);
    }

    private static Lane lane(String target, List<LegacyRule> rules, LegacyQueue queue, Findings findings) {
        Map<String, JobSettings> jobs = new LinkedHashMap<>();
        for (LegacyRule rule : rules) {
            if (rule.role() != Role.EVERYTHING_ELSE) {
                rule.types().forEach(type -> jobs.put(type, settings(rule, queue, findings)));
            }
        }
        Optional<LegacyRule> pool = pool(rules);
        Set<String> exclude = pool.isPresent() ? excluded(pool.get(), queue, findings) : Set.of();
        return new Lane(target, jobs, pool.map(LegacyRule::settings), exclude);
    }

    private static JobSettings settings(LegacyRule rule, LegacyQueue queue, Findings findings) {
        if (rule.role() != Role.BY_SECTION) {
            return new JobSettings(rule.settings(), Optional.empty());
        }
        int sections = new LinkedHashSet<>(queue.sections().values()).size();
        int perSection = rule.settings().concurrency();
        findings.tell(
                Kind.DIFFERS,
                rule.path(),
                perSection + " for each of " + sections + " partitions become per_section: " + perSection
                        + " and concurrency: " + perSection * sections + ".");
        return new JobSettings(rule.settings().withConcurrency(perSection * sections), Optional.of(perSection));
    }

    private static Set<String> excluded(LegacyRule pool, LegacyQueue queue, Findings findings) {
        Set<String> exclude = new LinkedHashSet<>(queue.switchedOff());
        for (String type : pool.types()) {
            boolean isRun = queue.rules().stream()
                    .anyMatch(rule ->
                            rule.role() != Role.EVERYTHING_ELSE && rule.types().contains(type));
            if (!isRun && exclude.add(type)) {
                findings.tell(Kind.DIFFERS, pool.path(), type + " is run by no rule; here it stands under `exclude`.");
            }
        }
        return exclude;
    }

    private static Optional<LegacyRule> pool(List<LegacyRule> rules) {
        return rules.stream()
                .filter(rule -> rule.role() == Role.EVERYTHING_ELSE)
                .findFirst();
    }

    private static Optional<URI> mainUri(List<LegacyRule> rules) {
        return pool(rules).or(() -> rules.stream().findFirst()).map(LegacyRule::uri);
    }

    private static String laneName(URI uri, String target, Optional<URI> mainUri, List<LegacyRule> rules) {
        if (mainUri.filter(uri::equals).isPresent()) {
            return pool(rules).isPresent() ? MAIN : "jobs";
        }
        String name = target.startsWith("mw-") ? target.substring("mw-".length()) : target;
        return name.equals(MAIN) || name.equals("jobs") ? target : name;
    }

    /** The host's first label, which is what people call the place. */
    private static String targetName(URI uri) {
        String label = uri.getHost().replaceFirst("\\..*", "").replaceAll("[^A-Za-z0-9_-]", "");
        return label.isEmpty() || label.matches("[0-9].*|localhost") ? "runner" : label;
    }

    private static String unique(String name, Iterable<String> taken) {
        List<String> names = new ArrayList<>();
        taken.forEach(names::add);
        String unique = name;
        for (int n = 2; names.contains(unique); n++) {
            unique = name + "-" + n;
        }
        return unique;
    }
}
