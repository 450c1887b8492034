package org.mediawiki.jobqueue.helm;

import java.nio.file.Path;
import java.util.Map;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult;

/** What the service makes of a configuration in a pod: the certificates are there, and so are the variables. */
final class Configurations {

    private static final Map<String, String> VARIABLES = Map.of(
            "JOBQUEUE_ADMIN_TOKEN", "secret",
            "JOBQUEUE_REDIS_PASSWORD", "secret",
            "KAFKA_KEY_PASSWORD", "secret",
            "POD_NAME", "jobqueue-main-abc");

    private static final ConfigurationLoader LOADER = new ConfigurationLoader(VARIABLES, unusedFile -> true);

    private Configurations() {}

    static Configuration parse(String yaml) {
        return valid(LOADER.parse(yaml), yaml);
    }

    /** As {@code jobqueue standalone} reads it. */
    static Configuration parseStandalone(String yaml) {
        return valid(
                ConfigurationLoader.standalone(VARIABLES, unusedFile -> true, "127.0.0.1:9092")
                        .parse(yaml),
                yaml);
    }

    static Configuration load(Path file) {
        return valid(LOADER.load(file), file.toString());
    }

    private static Configuration valid(LoadResult result, String what) {
        return result.match(loaded -> loaded.configuration(), refused -> {
            throw new AssertionError(refused.problems() + "\n" + what);
        });
    }
}
