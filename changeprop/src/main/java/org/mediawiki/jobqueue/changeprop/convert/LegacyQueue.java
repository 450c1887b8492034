package org.mediawiki.jobqueue.changeprop.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a legacy configuration says, whichever of its two forms it was written in.
 *
 * @param service its name
 * @param dc prefix of the topics
 * @param kafka brokers and properties, by our names
 * @param rules in the order of the file
 * @param switchedOff types whose rule is not enabled: they are not run
 * @param dedupe where finished jobs are remembered; empty: nowhere
 * @param sections of each wiki, with {@code default}; empty where jobs are not partitioned
 * @param userAgent what is sent as such; empty: the usual
 */
record LegacyQueue(
        String service,
        String dc,
        KafkaKeys kafka,
        List<LegacyRule> rules,
        List<String> switchedOff,
        Optional<LegacyRedis> dedupe,
        Map<String, String> sections,
        Optional<String> userAgent) {}
