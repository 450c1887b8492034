package org.mediawiki.jobqueue.changeprop.app;

import java.util.Map;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;

/** A configuration of which only the lanes matter. */
final class LaneConfiguration {

    private LaneConfiguration() {}

    /** {@code lanes} is what stands between the braces. */
    static Configuration of(String lanes) {
        String yaml = """
                kafka: {bootstrap_servers: ['kafka:9092']}
                targets: {runner: {uri: 'https://runner/'}}
                lanes: {%s}
                """.formatted(lanes);
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }
}
