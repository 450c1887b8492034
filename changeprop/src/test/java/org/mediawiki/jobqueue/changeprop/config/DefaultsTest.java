package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult;

/** Pins every default, so that none changes by accident. */
class DefaultsTest {

    private static final RetryConfig RETRY = new RetryConfig(2, Duration.ofSeconds(60), 6);
    private static final BreakerConfig BREAKER =
            new BreakerConfig(0.5, Duration.ofSeconds(60), 20, Duration.ofSeconds(3), 3);
    private static final Duration TIMEOUT = Duration.ofSeconds(1210);

    private static final LowTrafficConfig LOW_TRAFFIC =
            new LowTrafficConfig(50, 0.6, null, null, null, 0, TIMEOUT, RETRY, BREAKER, null, null, true, false);

    private static final String MINIMAL = """
            kafka: {bootstrap_servers: ['kafka:9092']}
            targets: {runner: {uri: 'https://runner/'}}
            """;

    @Test
    void aFileThatSaysOnlyTheNecessaryHasTheseDefaults() {
        LoadResult result = load(MINIMAL);

        assertThat(result)
                .isEqualTo(new LoadResult.Loaded(new Configuration(
                        "cpjobqueue",
                        "eqiad",
                        null,
                        kafka(),
                        Map.of(),
                        Map.of("runner", target()),
                        Map.of(
                                "main",
                                new LaneConfig(
                                        "runner", Map.of(), LOW_TRAFFIC, Set.of(), null, null, RETRY, BREAKER, false)),
                        Map.of(),
                        RETRY,
                        BREAKER,
                        new DedupeConfig(DedupeConfig.Store.MEMORY, Duration.ofHours(1), Duration.ofHours(24), null),
                        new SchedulerConfig(null, DataSize.ofMebibytes(64)),
                        Duration.ofSeconds(60),
                        Duration.ofDays(30),
                        Duration.ofSeconds(30),
                        new IntakeConfig(
                                false,
                                "127.0.0.1",
                                8192,
                                Set.of(),
                                Set.of(),
                                null,
                                Duration.ofSeconds(4),
                                DataSize.ofMebibytes(10),
                                20_000,
                                Duration.ofSeconds(60),
                                new ServerTlsConfig(null, null)),
                        new StandaloneConfig(Path.of("/var/lib/jobqueue")),
                        new AdminConfig("127.0.0.1", 9102, null, false),
                        new TracingConfig(null, 0.01))));
    }

    @Test
    void aJobTypeThatSaysNothingHasTheseDefaults() {
        LoadResult result = load(MINIMAL + "lanes: {main: {jobs: {cdnPurge: {}}}}");

        JobTypeConfig settings = result.match(
                loaded -> new EffectiveConfig(loaded.configuration())
                        .policyFor("main", "cdnPurge")
                        .settings(),
                refused -> {
                    throw new AssertionError(refused.problems().toString());
                });
        assertThat(settings)
                .isEqualTo(new JobTypeConfig(
                        30, null, null, null, 0, TIMEOUT, RETRY, BREAKER, null, null, true, false, false));
    }

    private static KafkaConfig kafka() {
        return new KafkaConfig(
                List.of("kafka:9092"),
                Map.of(),
                Map.of(),
                Map.of(),
                KafkaConfig.FirstStart.EARLIEST,
                false,
                new OwnTopicsConfig(8, 3));
    }

    private static TargetConfig target() {
        return new TargetConfig(
                URI.create("https://runner/"),
                null,
                "/rpc/RunSingleJob.php",
                TargetConfig.Protocol.RPC,
                TIMEOUT,
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                TargetConfig.HostHeader.DOMAIN,
                TargetConfig.Http2.AUTO,
                "ChangePropagation-JobQueue/WMF",
                new TlsConfig(null, null, null));
    }

    private static LoadResult load(String yaml) {
        return new ConfigurationLoader(Map.of(), unusedFile -> true).parse(yaml);
    }
}
