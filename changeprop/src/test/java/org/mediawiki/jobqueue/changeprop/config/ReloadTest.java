package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;

class ReloadTest {

    private static final String FILE = """
            kafka: {bootstrap_servers: ['kafka:9092']}
            targets: {runner: {uri: 'https://runner/'}}
            lanes: {main: {target: runner}}
            """;
    private static final Reload.Lanes ALL = new Reload.Lanes(Set.of("main"), true);
    private static final Reload.Lanes ONLY_MAIN = new Reload.Lanes(Set.of("main"), false);

    @Test
    void whatCanChangeDoes() {
        String changed = FILE.replace("target: runner", "target: runner, jobs: {cdnPurge: {concurrency: 3}}")
                        .replace("https://runner/", "https://other/")
                + "retry: {limit: 1}\nsections: {default: s3}\nreadonly_hold: 7s\n";

        Reload reload = Reload.of(load(FILE), load(changed), ALL);

        assertThat(reload).isEqualTo(new Reload(load(changed), List.of()));
    }

    @Test
    void whatNeedsARestartStaysAndIsNamed() {
        String changed = FILE.replace("kafka:9092", "kafka:9093")
                + "service: other\ndrain_timeout: 7s\nadmin: {port: 1}\nretry: {limit: 1}\n";

        Reload reload = Reload.of(load(FILE), load(changed), ALL);

        assertThat(reload.needRestart()).containsExactly("service", "kafka", "drain_timeout", "admin");
        assertThat(reload.configuration()).isEqualTo(load(FILE + "retry: {limit: 1}"));
    }

    @Test
    void theDrainTimeoutOfALaneStaysAndIsNamed() {
        String changed = FILE.replace("target: runner", "target: runner, drain_timeout: 2h, paused: true");

        Reload reload = Reload.of(load(FILE), load(changed), ALL);

        assertThat(reload.needRestart()).containsExactly("lanes.main.drain_timeout");
        assertThat(reload.configuration())
                .isEqualTo(load(FILE.replace("target: runner", "target: runner, paused: true")));
    }

    @Test
    void aProcessOfAllLanesKeepsItsLanesUntilItIsRestarted() {
        String changed = FILE.replace("main: {", "video: {jobs: {webVideoTranscode: {}}, target: runner}, main: {")
                .replace("https://runner/", "https://other/");

        Reload reload = Reload.of(load(FILE), load(changed), ALL);

        assertThat(reload.needRestart()).containsExactly("targets", "lanes");
        assertThat(reload.configuration()).isEqualTo(load(FILE));
    }

    @Test
    void aProcessOfSomeLanesFollowsWhatOthersAreMade() {
        String changed = FILE.replace("main: {", "video: {jobs: {webVideoTranscode: {}}, target: runner}, main: {");

        Reload reload = Reload.of(load(FILE), load(changed), ONLY_MAIN);

        assertThat(reload.needRestart()).isEmpty();
        assertThat(reload.configuration()).isEqualTo(load(changed));
    }

    @Test
    void aLaneOfTheProcessThatIsGoneStaysUntilItIsRestarted() {
        String changed = FILE.replace("main", "other");

        assertThat(Reload.of(load(FILE), load(changed), ONLY_MAIN).needRestart())
                .containsExactly("lanes");
    }

    private static Configuration load(String yaml) {
        return new ConfigurationLoader(Map.of(), file -> true)
                .parse(yaml)
                .match(loaded -> loaded.configuration(), refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
    }
}
