package org.mediawiki.jobqueue.changeprop.convert;

import java.util.Map;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/** The partitioner's map of wikis, which numbers from 0 what everybody else calls s1, s2 and so on. */
final class PartitionMap {

    private PartitionMap() {}

    /** Reads the options of the partitioner into our table of sections. */
    static void read(Block options, Map<String, String> sections) {
        String key = options.text("partition_key").orElse("");
        if (!key.equals("database")) {
            options.findings()
                    .refuse(
                            options.at("partition_key"),
                            "must be database",
                            "per_section goes by the wiki, nothing else");
        }
        Block templates = options.blockOrEmpty("templates");
        templates.pass(
                Kind.NOT_NEEDED,
                "partition_stream",
                "Nothing is partitioned any more. What stands in partitioned topics is run to its end, if they are named"
                        + " <service>.partitioned.mediawiki.job.<type>.");
        templates.refuseTheRest();
        sections.put("default", section(options, "partition_default"));
        Block map = options.blockOrEmpty("partition_map");
        for (String wiki : map.keys()) {
            sections.put(wiki, section(map, wiki));
        }
        options.refuseTheRest();
    }

    private static String section(Block block, String key) {
        return "s" + (Math.round(block.number(key, 0).orElse(0)) + 1);
    }
}
