package org.mediawiki.jobqueue.changeprop.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.CONVERTED;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.RENDERED;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.SECTIONS;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.VALUES;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.convert;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.convertValues;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.converted;
import static org.mediawiki.jobqueue.changeprop.convert.LegacyExamples.refusals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.convert.ConversionResult.Converted;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

class ConversionTest {

    @Test
    void whatTheServiceReadsBecomesOurs() {
        Converted converted = converted(convert(RENDERED));

        assertThat(converted.yaml()).isEqualTo(CONVERTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ACT | cdnPurge.retry_limit | 0 means 2 retries there",
                "NOT_NEEDED | thankReader.reenqueue_delay | 259200 s there",
                "DIFFERS | refreshLinks | 30 for each of 3 partitions become per_section: 30 and concurrency: 90",
                "NOT_NEEDED | partition_stream | Nothing is partitioned any more",
                "NOT_NEEDED | consumer.log.connection.close | no such property",
                "DIFFERS | low_traffic_jobs | renderNothing is run by no rule",
                "DIFFERS | (concurrency) | the limit of the whole fleet",
                "DIFFERS | (timeout) | 7 min there",
                "ACT | kafka.client | verifies that brokers' certificates",
                "ELSEWHERE | logging | Logs are JSON",
            })
    void everyDifferenceIsTold(Kind kind, String path, String text) {
        List<Difference> differences = converted(convert(RENDERED)).differences();

        assertThat(differences).anySatisfy(difference -> {
            assertThat(difference.kind()).isEqualTo(kind);
            assertThat(difference.path()).endsWith(path);
            assertThat(difference.text()).contains(text);
        });
    }

    @Test
    void valuesBecomeOursTogetherWithTheSectionsThatTheyLack() {
        String yaml = converted(convertValues(VALUES)).yaml();

        assertThat(yaml)
                .contains("service: farmqueue\ndc: north\n")
                .contains("      cdnPurge: {concurrency: 40}\n")
                .contains("      UploadFromUrl: {concurrency: 25}\n")
                .contains("      refreshLinks: {concurrency: 60, per_section: 30, abandon_root_after: 7d}\n")
                .contains("    low_traffic: {concurrency: 12}\n")
                .contains("    exclude: [oldJob, forgottenJob, renderNothing]\n")
                .contains("    security.protocol: SSL\n")
                .contains("sections:\n  default: s2\n  bigwiki: s1\n");
    }

    @Test
    void whatHelmDoesNotPassOnIsLeftOutAndTold() {
        List<Difference> differences = converted(convertValues(VALUES)).differences();

        assertThat(differences)
                .contains(new Difference(
                        Kind.DIFFERS,
                        "main_app.jobqueue.low_traffic_jobs.retry_limit",
                        "The chart does not pass it on: it has no effect there, and is left out."))
                .anySatisfy(
                        difference -> assertThat(difference.text()).contains("Is absent, which switches the type off"));
    }

    @Test
    void laterValuesGoOnTop() {
        String yaml = converted(convertValues(
                        VALUES, "main_app: {site: south, jobqueue: {low_traffic_jobs: {concurrency: 7}}}"))
                .yaml();

        assertThat(yaml)
                .contains("dc: south\n")
                .contains("low_traffic: {concurrency: 7}")
                .contains("cdnPurge: {concurrency: 40}");
    }

    @Test
    void valuesWithoutSectionsAreRefusedWhereJobsAreLimitedBySection() {
        ConversionResult result = Conversion.of(List.of(new LegacyFile("values.yaml", VALUES)), Optional.empty());

        assertThat(refusals(result))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.hint()).contains("--sections"));
    }

    @Test
    void aSidecarOfRedisIsNotTakenForRedis() {
        Converted converted = converted(convertValues(VALUES, """
                main_app: {redis: {host: localhost, pass: secret}}
                nutcracker: {enabled: true}
                """));

        assertThat(converted.yaml()).contains("dedupe: {store: memory}").doesNotContain("secret");
        assertThat(converted.differences())
                .anySatisfy(difference -> assertThat(difference.text()).contains("the nutcracker sidecar"));
    }

    /** The chart names the topics after one service, whatever the name of the service is, as in Wikimedia's staging. */
    @Test
    void aPartitionedTopicThatIsNamedAfterAnotherServiceIsToldOf() {
        String elsewhere = RENDERED.replace("topic: farmqueue.partitioned", "topic: cpjobqueue.partitioned");

        assertThat(othersTopics(convert(RENDERED))).isEmpty();
        assertThat(othersTopics(convert(elsewhere))).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Kind.ACT);
            assertThat(difference.path()).endsWith("templates.refreshLinks");
        });
        assertThat(othersTopics(convertValues(VALUES)))
                .extracting(Difference::path)
                .containsExactly("main_app.jobqueue.partitioned_jobs_config.refreshLinks");
        assertThat(othersTopics(convertValues(VALUES, "service: {name: cpjobqueue}")))
                .isEmpty();
    }

    private static List<Difference> othersTopics(ConversionResult result) {
        return converted(result).differences().stream()
                .filter(difference -> difference.text().contains("partitioned topic is named after cpjobqueue"))
                .toList();
    }

    @Test
    void aPasswordIsNeverCopied() {
        Converted converted = converted(convertValues(VALUES, "main_app: {redis: {pass: hunter2}}"));

        assertThat(converted.yaml()).contains("'redis://:${JOBQUEUE_REDIS_PASSWORD}@redis1.example.org:6379'");
        assertThat(converted.toString()).doesNotContain("hunter2");
    }

    @Test
    void withoutRedisNothingIsRemembered() {
        assertThat(converted(convertValues(VALUES, "main_app: {redis: false}")).yaml())
                .contains("dedupe: {store: 'off'}");
    }

    @Test
    void withoutARuleForEverythingElseNothingElseIsRun() {
        String yaml = converted(convertValues(VALUES, "main_app: {jobqueue: {low_traffic_jobs: {enabled: false}}}"))
                .yaml();

        assertThat(yaml).contains("lanes:\n  jobs:\n").doesNotContain("low_traffic", "exclude");
    }

    static List<Arguments> refused() {
        return List.of(
                refused("concurrency: 40", "concurrency: many", "cdnPurge.concurrency", "must be a number"),
                refused(
                        "concurrency: 40",
                        "concurrency: 40\n                match: {a: b}",
                        "cdnPurge.match",
                        "selects among"),
                refused("concurrency: 40", "sample: {rate: 0.1}", "cdnPurge.sample", "selects among"),
                refused("concurrency: 40", "limiters: {blacklist: x}", "cdnPurge.limiters", "stops what has failed"),
                refused(
                        "topic: mediawiki.job.cdnPurge",
                        "topic: mediawiki.page-edit",
                        "cdnPurge.topic",
                        "not the topic of one job type"),
                refused(
                        "topics: ['/^media",
                        "topics: ['/^maybe",
                        "low_traffic_jobs.topics",
                        "not the topic of one job type"),
                refused(
                        "method: post\n                  uri: https://runner",
                        "method: get\n                  uri: https://runner",
                        "exec.method",
                        "must be post"),
                refused(
                        "body: '{{globals.message}}'\n                  agent",
                        "body: '{{globals.message.params}}'\n                  agent",
                        "exec.body",
                        "must be {{globals.message}}"),
                refused(
                        "dc_name: north",
                        "consume_dc: north\n            produce_dc: south",
                        "consume_dc",
                        "differs from produce_dc"),
                refused("partition_key: database", "partition_key: page_title", "partition_key", "must be database"),
                refused("linger.ms: 20", "linger.ms: 20, quirks: 1", "producer.quirks", "no such property"),
                refused("ssl.ca.location:", "ssl.key.location:", "ssl.key.location", "cannot be converted"),
                refused("user_agent: FarmQueue/1", "user_agent: '${HOME}'", "user_agent", "holds ${"),
                refused("num_workers: 0", "num_workers: 0\nnum_workers: 1", "config.yaml", "is not valid YAML"),
                refused(
                        "redis1.example.org, port",
                        "r, path: /run/redis.sock, port",
                        "redis.path",
                        "is a Unix socket"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedWithPathAndHint(String before, String after, String path, String rule) {
        assertThat(RENDERED).contains(before);

        List<Refusal> refusals = refusals(convert(RENDERED.replace(before, after)));

        assertThat(refusals).anySatisfy(refusal -> {
            assertThat(refusal.path()).endsWith(path);
            assertThat(refusal.rule()).contains(rule);
            assertThat(refusal.hint()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|must be a map",
                "''|must be a map",
                "a: b|is neither",
                "a: [|is not valid YAML",
                "main_app: {}|is not true",
            })
    void whatIsNoConfigurationIsRefused(String text, String rule) {
        assertThat(refusals(convert(text)))
                .first()
                .satisfies(refusal -> assertThat(refusal.rule()).contains(rule));
    }

    @Test
    void aTypeThatTwoGroupsNameIsRefused() {
        String twice = "main_app: {jobqueue: {latency_sensitive_jobs_config: {cdnPurge: {enabled: true}}}}";

        assertThat(refusals(convertValues(VALUES, twice)))
                .extracting(Refusal::rule)
                .contains("is named twice");
    }

    /** Each has its own limits, and only one of them could be kept. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "topic: mediawiki.job.cdnPurge|cdnPurge is named twice",
                "topics: [mediawiki.job.new, mediawiki.job.thankReader]|thankReader is named twice",
                "topic: farmqueue.partitioned.mediawiki.job.refreshLinks|refreshLinks is named twice",
                "topics: ['/^mediawiki\\.job\\..*/']|every other type is named twice",
            })
    void aTypeThatTwoRulesRunIsRefused(String topics, String rule) {
        String last = "              low_traffic_jobs:\n";
        assertThat(RENDERED).contains(last);
        String another = "              another: {concurrency: 5, exec: *exec, " + topics + "}\n";

        assertThat(refusals(convert(RENDERED.replace(last, another + last))))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.rule()).isEqualTo(rule);
                    assertThat(refusal.path()).contains("templates.");
                    assertThat(refusal.hint()).contains("keep one of them");
                });
    }

    @Test
    void aFileWithoutSectionsIsNoTableOfThem() {
        ConversionResult result = Conversion.of(
                List.of(new LegacyFile("values.yaml", VALUES)),
                Optional.of(new LegacyFile("table.yaml", SECTIONS.replace("sections", "parts"))));

        assertThat(refusals(result))
                .first()
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo("table.yaml"));
    }

    private static Arguments refused(String before, String after, String path, String rule) {
        return Arguments.of(before, after, path, rule);
    }
}
