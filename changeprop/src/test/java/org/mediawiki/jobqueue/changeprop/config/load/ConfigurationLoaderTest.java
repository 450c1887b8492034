package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.Secret;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult.Loaded;

class ConfigurationLoaderTest {

    private static final String MINIMAL = """
            kafka: {bootstrap_servers: ['kafka:9092']}
            targets: {runner: {uri: 'https://runner.example.org/rpc/RunSingleJob.php'}}
            """;

    @TempDir
    Path folder;

    @Test
    void acceptsTheExampleOfTheSpecification() {
        LoadResult result = parse(SpecExample.YAML, Map.of("JOBQUEUE_ADMIN_TOKEN", "0123"));

        assertThat(loaded(result).admin()).isEqualTo(new AdminConfig("127.0.0.1", 9102, new Secret("0123"), false));
    }

    @ParameterizedTest
    @CsvSource({"7,7", "'0x1F',-", "' 8 ',-", "'',-"})
    void typesAVariableByThePlaceItStandsIn(String value, String concurrency) {
        String yaml = MINIMAL + "lanes: {main: {jobs: {cdnPurge: {concurrency: ${N}}}}}";

        String outcome = parse(yaml, Map.of("N", value))
                .match(
                        loaded -> String.valueOf(
                                inMain(loaded.configuration(), "cdnPurge").concurrency()),
                        unusedRefused -> "-");

        assertThat(outcome).isEqualTo(concurrency);
    }

    @Test
    void doesNotLookIntoTheValueOfAVariable() {
        String hostile = "x}, service: other, ${HOME} #";

        Configuration configuration = loaded(parse(MINIMAL + "admin: {token: ${T}}", Map.of("T", hostile)));

        assertThat(configuration.admin().token()).isEqualTo(new Secret(hostile));
        assertThat(configuration.service()).isEqualTo("cpjobqueue");
    }

    /** As a file has it that a variable is filled from. */
    @Test
    void theLineBreakBehindASecretIsNoPartOfIt() {
        String yaml = MINIMAL + "admin: {token: ${T}}\nintake: {secret: ${T}}";

        Configuration configuration = loaded(parse(yaml, Map.of("T", "open sesame\n")));

        assertThat(configuration.admin().token()).isEqualTo(new Secret("open sesame"));
        assertThat(configuration.intake().secret()).isEqualTo(new Secret("open sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b@c", "%41", "a:b", "#?&=+ ü", "${HOME}", "\\$1", "secret"})
    void aPasswordOfRedisMayContainAnything(String password) {
        URI uri = redis("redis://:${P}@redis.example.org:6379/2", Map.of("P", password));

        assertThat(uri).hasHost("redis.example.org").hasPort(6379).hasPath("/2");
        assertThat(uri.getUserInfo()).isEqualTo(":" + password);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://:a%2Fb@${H}:6379,redis://:a%2Fb@redis.example.org:6379",
        "redis://:a%2F${P}@${H},redis://:a%2Fa%2Fb@redis.example.org",
        "redis://${U}:${P}@${H},redis://me:a%2Fb@redis.example.org",
        "redis://${BOTH}@${H},redis://me:a%2Fb@redis.example.org",
        "'${WHOLE}',redis://me:a%2Fb@redis.example.org"
    })
    void whatTheUriOfRedisSaysOutsideOfVariablesForItsPasswordIsAUriAlready(String written, URI uri) {
        Map<String, String> variables = Map.of(
                "H", "redis.example.org",
                "P", "a/b",
                "U", "me",
                "BOTH", "me:a%2Fb",
                "WHOLE", "redis://me:a%2Fb@redis.example.org");

        assertThat(redis(written, variables)).isEqualTo(uri);
    }

    private static URI redis(String uri, Map<String, String> variables) {
        DedupeConfig dedupe = loaded(parse(MINIMAL + "dedupe: {store: redis, redis: {uri: '" + uri + "'}}", variables))
                .dedupe();
        return Objects.requireNonNull(dedupe.redis()).uri();
    }

    @Test
    void allowsNoChangesWhereTheTokensVariableIsNotSet() {
        Configuration configuration = loaded(parse(MINIMAL + "admin: {token: ${T}}", Map.of()));

        assertThat(configuration.admin().token()).isNull();
    }

    @Test
    void takesOffForAWordAndNotForATruthValue() {
        Configuration configuration = loaded(parse(MINIMAL + "dedupe: {store: off}", Map.of()));

        assertThat(configuration.dedupe().store().name()).isEqualTo("OFF");
    }

    @ParameterizedTest
    @CsvSource({
        "'',https://mw-debug.example.org:4444/rpc/RunSingleJob.php",
        "', path: /w/rest.php/eventbus/v0/internal/job/execute',https://mw-debug.example.org:4444/w/rest.php/eventbus/v0/internal/job/execute"
    })
    void aTargetFindsItsServerGroup(String path, URI uri) {
        Configuration configuration = loaded(parse("""
                kafka: {bootstrap_servers: ['kafka:9092']}
                server_groups: {mw-debug: {host: mw-debug.example.org, port: 4444}}
                targets: {debug: {server_group: mw-debug%s}}
                """.formatted(path), Map.of()));

        assertThat(configuration.targets().get("debug"))
                .extracting(TargetConfig::uri)
                .isEqualTo(uri);
    }

    @Test
    void takesAKeyWithNothingBehindItForItsDefault() {
        String yaml = MINIMAL + "service:\nlanes:\n  main:\n    jobs:\n      cdnPurge:\nretry: null\n";

        Configuration configuration = loaded(parse(yaml, Map.of()));

        assertThat(configuration.service()).isEqualTo("cpjobqueue");
        assertThat(new EffectiveConfig(configuration)
                        .policyFor("main", "cdnPurge")
                        .pool())
                .isEqualTo("cdnPurge");
    }

    @Test
    void followsAnchorsAndMergeKeys() {
        String yaml = MINIMAL + """
                lanes:
                  main:
                    jobs:
                      one: &calm {concurrency: 3, per_wiki: 1}
                      two: {<<: *calm, concurrency: 4}
                """;

        Configuration configuration = loaded(parse(yaml, Map.of()));

        assertThat(inMain(configuration, "two").concurrency()).isEqualTo(4);
        assertThat(inMain(configuration, "two").perWiki()).isEqualTo(1);
    }

    @Test
    void isEqualToWhatTheSameFileGaveBefore() {
        assertThat(parse(SpecExample.YAML, Map.of())).isEqualTo(parse(SpecExample.YAML, Map.of()));
    }

    @Test
    void tellsNoSecretInItsText() {
        String yaml = MINIMAL.replace("['kafka:9092']", "['kafka:9092'], client: {ssl.key.password: hush}")
                + "admin: {token: hush}\ndedupe: {redis: {uri: 'redis://:hush@localhost:6379'}}";

        assertThat(loaded(parse(yaml, Map.of())).toString()).doesNotContain("hush");
    }

    @Test
    void refusesWhatIsNoConfigurationAtAll() throws IOException {
        Path latin1 = Files.write(folder.resolve("latin1.yaml"), "dc: é".getBytes(StandardCharsets.ISO_8859_1));
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat(2 << 20));

        assertThat(rules(ConfigurationLoader.load(latin1, Map.of()))).containsExactly("is not UTF-8 text");
        assertThat(rules(ConfigurationLoader.load(large, Map.of()))).containsExactly("is larger than 1 MiB");
        assertThat(rules(ConfigurationLoader.load(folder.resolve("none"), Map.of())))
                .containsExactly("there is no such file");
        assertThat(rules(ConfigurationLoader.load(folder, Map.of()))).hasSize(1);
    }

    @Test
    void boundsWhatAliasesMayGrowTo() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            laughs.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(7), i - 1));
        }

        assertThat(rules(parse(laughs.toString(), Map.of()))).hasSize(1);
        assertThat(rules(parse("a: &a {b: *a}", Map.of()))).hasSize(1);
        assertThat(rules(parse("[".repeat(2000), Map.of()))).hasSize(1);
    }

    @Test
    void neverThrowsWhateverIsInTheFile() throws IOException {
        String good = Files.readString(Path.of("..", "config", "wikimedia.yaml"));
        String pieces = "{}[]:,&*#|>'\"!%@`- \n\t\u0000\u00e9\ud83d$0~";
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ConfigurationLoader loader = new ConfigurationLoader(Map.of(), unusedFile -> true);
        for (int round = 0; round < 500; round++) {
            StringBuilder bad = new StringBuilder(good);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(bad.length() - 20);
                int end = random.nextBoolean() ? at : at + random.nextInt(20);
                bad.replace(at, end, String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            assertThatCode(() -> loader.parse(bad.toString()))
                    .as("seed %d, round %d:\n%s", seed, round, bad)
                    .doesNotThrowAnyException();
        }
    }

    private static LoadResult parse(String yaml, Map<String, String> variables) {
        return new ConfigurationLoader(variables, unusedFile -> true).parse(yaml);
    }

    private static Configuration loaded(LoadResult result) {
        return result.match(Loaded::configuration, refused -> {
            throw new AssertionError(refused.problems().toString());
        });
    }

    private static JobTypeConfig inMain(Configuration configuration, String type) {
        return new EffectiveConfig(configuration).policyFor("main", type).settings();
    }

    private static List<String> rules(LoadResult result) {
        return result.match(
                unusedLoaded -> List.of(),
                refused -> refused.problems().stream().map(Problem::rule).toList());
    }
}
