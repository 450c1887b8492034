package org.mediawiki.jobqueue.changeprop.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;
import org.mediawiki.jobqueue.changeprop.convert.LegacyRule.Role;

/**
 * The topics of a rule, as job types.
 *
 * @param role what they make of the rule
 * @param types those that it runs, or leaves alone
 */
record RuleTopics(Role role, List<String> types) {

    private static final String EVERY_JOB = "/^mediawiki\\.job\\..*/";
    private static final Pattern JOB = Pattern.compile("mediawiki\\.job\\.(?<type>[A-Za-z0-9._-]+)");
    private static final Pattern PARTITIONED =
            Pattern.compile("(?<service>[A-Za-z0-9_-]+)\\.partitioned\\.mediawiki\\.job\\.(?<type>[A-Za-z0-9._-]+)");

    static RuleTopics read(Block rule) {
        List<String> topics = new ArrayList<>(rule.texts("topic"));
        topics.addAll(rule.texts("topics"));
        List<String> excluded = rule.texts("exclude_topics");
        if (topics.equals(List.of(EVERY_JOB))) {
            return new RuleTopics(Role.EVERYTHING_ELSE, types(rule, "exclude_topics", excluded, JOB));
        }
        topics.removeAll(excluded);
        boolean isPartitioned =
                !topics.isEmpty() && PARTITIONED.matcher(topics.get(0)).matches();
        String key = rule.has("topics") ? "topics" : "topic";
        return isPartitioned
                ? new RuleTopics(Role.BY_SECTION, types(rule, key, topics, PARTITIONED))
                : new RuleTopics(Role.NAMED, types(rule, key, topics, JOB));
    }

    /** The names that the partitioned topics of a rule begin with: those of the service that writes to them. */
    static List<String> partitionedBy(Block rule) {
        return Stream.concat(rule.texts("topic").stream(), rule.texts("topics").stream())
                .map(PARTITIONED::matcher)
                .filter(Matcher::matches)
                .map(topic -> topic.group("service"))
                .distinct()
                .toList();
    }

    /** Ours reads the partitioned topics that are named after itself. */
    static void tellOfOtherNames(Findings findings, String path, String partitioner, String service) {
        if (!partitioner.equals(service)) {
            findings.tell(
                    Kind.ACT,
                    path,
                    "Its partitioned topic is named after " + partitioner + ", and ours reads that of " + service
                            + ": stop the partitioner and let the legacy service finish that topic before the switch.");
        }
    }

    private static List<String> types(Block rule, String key, List<String> topics, Pattern form) {
        List<String> types = new ArrayList<>();
        for (String topic : topics) {
            Matcher named = form.matcher(topic);
            if (named.matches()) {
                types.add(named.group("type"));
            } else {
                rule.findings()
                        .refuse(
                                rule.at(key),
                                topic + " is not the topic of one job type",
                                "understood are mediawiki.job.<type>, its partitioned topic, and " + EVERY_JOB
                                        + " for all others");
            }
        }
        if (topics.isEmpty() && !key.equals("exclude_topics")) {
            rule.findings().refuse(rule.at(key), "names no topic", "remove the rule");
        }
        return types.stream().distinct().toList();
    }
}
