package org.mediawiki.jobqueue.changeprop.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of mistake, and what is said about it. */
class BadConfigurationTest {

    private static final String KAFKA = "kafka: {bootstrap_servers: ['kafka:9092']}\n";
    private static final String TARGETS = "targets: {runner: {uri: 'https://runner.example.org/job'}}\n";
    private static final String GOOD = KAFKA + TARGETS;

    static List<Arguments> mistakes() {
        return List.of(
                // Keys
                mistake(GOOD + "servcie: x", "servcie", "unknown key", "did you mean `service`?"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: {perSection: 3}}}}",
                        "lanes.main.jobs.a.perSection",
                        "unknown key",
                        "did you mean `per_section`?"),
                mistake(GOOD + "retry: {banana: 1}", "retry.banana", "unknown key", "known here: limit, delay, factor"),
                mistake(GOOD + "dc: a\ndc: b", "dc", "the key stands here twice", "the first is on line 3"),
                mistake(
                        GOOD + "lanes: {'main lane': {}}",
                        "lanes.main lane",
                        "the key must be a name of letters, digits, '.', '_' and '-'",
                        "such as refreshLinks"),
                // Kafka properties that go together
                mistake(
                        "kafka: {bootstrap_servers: ['kafka:9092'], producer: {delivery.timeout.ms: 9000}}\n" + TARGETS,
                        "kafka.producer.delivery.timeout.ms",
                        "delivery.timeout.ms must not be less than linger.ms and request.timeout.ms together",
                        "linger.ms is 5 and request.timeout.ms 10000, delivery.timeout.ms 9000"),
                mistake(
                        "kafka: {bootstrap_servers: ['kafka:9092'], client: {request.timeout.ms: 60000}}\n" + TARGETS,
                        "kafka.client.request.timeout.ms",
                        "linger.ms and request.timeout.ms must not be more than 60000 together",
                        "the scheduler gives up by then"),
                mistake(
                        "kafka: {bootstrap_servers: ['kafka:9092'],"
                                + " producer: {max.in.flight.requests.per.connection: 6}}\n" + TARGETS,
                        "kafka.producer.max.in.flight.requests.per.connection",
                        "must be at most 5",
                        "idempotent producer"),
                mistake(
                        "kafka: {bootstrap_servers: ['kafka:9092'], consumer: {heartbeat.interval.ms: 6000}}\n"
                                + TARGETS,
                        "kafka.consumer.heartbeat.interval.ms",
                        "heartbeat.interval.ms must be less than session.timeout.ms",
                        "they are 6000 and 6000"),
                // What is missing
                mistake(TARGETS, "kafka.bootstrap_servers", "is missing", "Brokers"),
                mistake("kafka:\n" + TARGETS, "kafka.bootstrap_servers", "is missing", "Brokers"),
                mistake(KAFKA, "targets", "is missing", "Where jobs are run"),
                mistake(KAFKA + "targets: {}", "targets", "must not be empty", "Where jobs are run"),
                mistake(KAFKA + "targets: {runner: {timeout: 5m}}", "targets.runner.uri", "is missing", "https://"),
                // Places of targets
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://host/', server_group: mw-debug}}",
                        "targets.runner.server_group",
                        "goes in place of `uri`",
                        "keep one of them"),
                mistake(
                        KAFKA + "targets: {runner: {server_group: mw-debug}}",
                        "targets.runner.server_group",
                        "there is no such server group",
                        "write the table `server_groups`"),
                mistake(
                        KAFKA + "server_groups: {mw-web: {host: mw-web.example.org, port: 4450}}\n"
                                + "targets: {runner: {server_group: mw-wbe}}",
                        "targets.runner.server_group",
                        "there is no such server group",
                        "did you mean `mw-web`?"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://host/', path: /rpc}}",
                        "targets.runner.path",
                        "belongs to a `server_group`",
                        "the path of a `uri` stands in it"),
                mistake(
                        GOOD + "server_groups: {mw-web: {host: 'https://mw-web.example.org', port: 4450}}",
                        "server_groups.mw-web.host",
                        "must be the name of a host, without scheme and port",
                        "such as mw-debug.discovery.wmnet"),
                mistake(
                        GOOD + "server_groups: {mw-web: {host: 10.2.2.90, port: 4450}}",
                        "server_groups.mw-web.host",
                        "must be the name of a host, without scheme and port",
                        "such as mw-debug.discovery.wmnet"),
                mistake(
                        GOOD + "server_groups: {mw-web: {host: mw-web.example.org}}",
                        "server_groups.mw-web.port",
                        "is missing",
                        "TLS proxy"),
                mistake(
                        GOOD + "server_groups: {mw-web: {host: mw-web.example.org, port: 99999}}",
                        "server_groups.mw-web.port",
                        "must be a whole number from 1 to 65535",
                        "TLS proxy"),
                mistake(
                        "kafka: {bootstrap_servers: []}\n" + TARGETS,
                        "kafka.bootstrap_servers",
                        "must not be empty",
                        "Brokers"),
                // Types, units and ranges
                mistake(
                        GOOD + "drain_timeout: 30",
                        "drain_timeout",
                        "must be a duration with a unit (ms, s, m, h or d)",
                        "such as 500ms, 60s, 7m, 24h, 7d"),
                mistake(
                        GOOD + "drain_timeout: \"30s\\n\"",
                        "drain_timeout",
                        "must be a duration with a unit (ms, s, m, h or d)",
                        "such as 500ms"),
                mistake(
                        GOOD + "readonly_hold: 0s",
                        "readonly_hold",
                        "must be a duration above zero with a unit (ms, s, m, h or d)",
                        "such as 500ms"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: {timeout: 5min}}}}",
                        "lanes.main.jobs.a.timeout",
                        "must be a duration above zero with a unit (ms, s, m, h or d)",
                        "such as 500ms"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: {rate: 5}}}}",
                        "lanes.main.jobs.a.rate",
                        "must be a rate above zero with a unit (jobs per s, m or h)",
                        "such as 5/s, 300/m, 0.5/h"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: {concurrency: '240'}}}}",
                        "lanes.main.jobs.a.concurrency",
                        "must be a whole number from 1 to 100000",
                        "write it without quotes: 240"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: {concurrency: 0}}}}",
                        "lanes.main.jobs.a.concurrency",
                        "must be a whole number from 1 to 100000",
                        "The most jobs of this type"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {a: 5}}}",
                        "lanes.main.jobs.a",
                        "must be a map of keys and values",
                        ""),
                mistake(
                        GOOD + "lanes: {main: {low_traffic: {max_share: 1.5}}}",
                        "lanes.main.low_traffic.max_share",
                        "must be a number from 0.01 to 1",
                        "share of the pool"),
                mistake(GOOD + "admin: {port: 99999}", "admin.port", "must be a whole number from 0 to 65535", "Port"),
                mistake(
                        GOOD + "intake: {enabled: 'true'}",
                        "intake.enabled",
                        "must be true or false",
                        "write it without quotes: true"),
                mistake(
                        GOOD + "dedupe: {store: rediss}",
                        "dedupe.store",
                        "must be one of memory, redis, off",
                        "did you mean `redis`?"),
                mistake(
                        "kafka: {bootstrap_servers: kafka:9092}\n" + TARGETS,
                        "kafka.bootstrap_servers",
                        "must be a list",
                        "Brokers"),
                mistake(
                        "kafka: {bootstrap_servers: [kafka]}\n" + TARGETS,
                        "kafka.bootstrap_servers[0]",
                        "must be host:port",
                        "such as kafka1.example.org:9092"),
                mistake(
                        GOOD + "lanes: {main: {exclude: [a, a]}}",
                        "lanes.main.exclude",
                        "must not name anything twice",
                        "Job types"),
                // Names that refer to nothing, or to too much
                mistake(
                        GOOD + "lanes: {main: {target: runer}}",
                        "lanes.main.target",
                        "there is no such target",
                        "did you mean `runner`?"),
                mistake(KAFKA + twoTargets(), "lanes", "is missing", "more than one target"),
                mistake(KAFKA + twoTargets() + "lanes: {}", "lanes", "is missing", "more than one target"),
                mistake(KAFKA + twoTargets() + "lanes: {main: {}}", "lanes.main.target", "is missing", "one of a, b"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {x: {}}}, other: {jobs: {x: {}}}}",
                        "lanes.other.jobs.x",
                        "only one lane may name a job type",
                        "lane main names it already"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {x: {}}, exclude: [y, x]}}",
                        "lanes.main.exclude[1]",
                        "what is excluded must not have an entry of its own",
                        "lane main names it"),
                mistake(
                        GOOD + "lanes: {main: {low_traffic: {}}, other: {low_traffic: {}}}",
                        "lanes.other.low_traffic",
                        "only one lane may have it",
                        "lane main has it already"),
                mistake(
                        GOOD + "lanes: {main: {jobs: {low_traffic_jobs: {}}}}",
                        "lanes.main.jobs.low_traffic_jobs",
                        "is the name of the pool",
                        "`low_traffic`"),
                // Kafka
                mistake(
                        kafka("producer: {linger: 20}"),
                        "kafka.producer.linger",
                        "no such Kafka property for a producer",
                        "did you mean `linger.ms`?"),
                mistake(
                        kafka("client: {linger.ms: 20}"),
                        "kafka.client.linger.ms",
                        "no such Kafka property for every client",
                        "it belongs under kafka.producer"),
                mistake(
                        kafka("consumer: {fetch.message.max.bytes: 4194304}"),
                        "kafka.consumer.fetch.message.max.bytes",
                        "no such Kafka property for a consumer",
                        "a name of librdkafka; here it is max.partition.fetch.bytes"),
                mistake(
                        kafka("consumer: {enable.auto.commit: true}"),
                        "kafka.consumer.enable.auto.commit",
                        "is set by the service",
                        "offsets are committed only when jobs are done"),
                mistake(
                        kafka("producer: {linger.ms: 20ms}"),
                        "kafka.producer.linger.ms",
                        "Kafka refuses this value",
                        "Not a number"),
                // Places and files
                mistake(
                        KAFKA + "targets: {runner: {uri: 'ftp://host/job'}}",
                        "targets.runner.uri",
                        "must begin with https:// or http://",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https:///job'}}",
                        "targets.runner.uri",
                        "must name a host",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a b/'}}",
                        "targets.runner.uri",
                        "is not a URI: Illegal character in authority",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://user:hush@a/'}}",
                        "targets.runner.uri",
                        "must not hold a user or a password",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/#here'}}",
                        "targets.runner.uri",
                        "must not hold a fragment",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a:65536/'}}",
                        "targets.runner.uri",
                        "must have a port from 1 to 65535",
                        "such as https://"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/', connect_timeout: 3601s}}",
                        "targets.runner.connect_timeout",
                        "must be 1h at most",
                        "helps nobody"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/', max_connection_age: 366d}}",
                        "targets.runner.max_connection_age",
                        "must be 365d at most",
                        "helps nobody"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/', user_agent: 'żółw/1'}}",
                        "targets.runner.user_agent",
                        "must be printable ASCII",
                        "HTTP header"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/', tls: {ca: none.pem}}}",
                        "targets.runner.tls.ca",
                        "cannot be read",
                        "is the file there"),
                mistake(
                        KAFKA + "targets: {runner: {uri: 'https://a/', tls: {certificate: there.pem}}}",
                        "targets.runner.tls.key",
                        "is missing",
                        "`certificate` and `key` go together"),
                mistake(
                        kafka("client: {ssl.truststore.location: none.pem}"),
                        "kafka.client.ssl.truststore.location",
                        "cannot be read",
                        "is the file there"),
                mistake(GOOD + "dedupe: {store: redis}", "dedupe.redis.uri", "is missing", "redis://localhost:6379"),
                mistake(
                        GOOD + "tracing: {endpoint: 'grpc://collector:4317'}",
                        "tracing.endpoint",
                        "must begin with http:// or https://",
                        "such as http://"),
                mistake(
                        GOOD + "dedupe: {redis: {uri: 'redis://:hu/sh@localhost'}}",
                        "dedupe.redis.uri",
                        "must name a host",
                        "percent-encoded"),
                mistake(
                        GOOD + "dedupe: {redis: {uri: 'redis://:hu%sh@localhost'}}",
                        "dedupe.redis.uri",
                        "is not a URI",
                        "percent-encoded"),
                mistake(
                        GOOD + "dedupe: {redis: {uri: 'redis://:hush@localhost/jobs'}}",
                        "dedupe.redis.uri",
                        "must name its database by a number",
                        "redis://localhost:6379/0"),
                mistake(
                        GOOD + "dedupe: {redis: {uri: 'rediss://localhost', tls: {ca: none.pem}}}",
                        "dedupe.redis.tls.ca",
                        "cannot be read",
                        "is the file there"),
                mistake(
                        GOOD + "admin: {port: 99}\nintake: {port: 99}",
                        "intake.port",
                        "must differ from admin.port",
                        "8192"),
                mistake(
                        GOOD + "intake: {allow: [10.0.0.0/8, localhost]}",
                        "intake.allow[1]",
                        "must be an IP address, or a network with the length of its prefix",
                        "10.2.0.0/16"),
                mistake(
                        GOOD + "intake: {allow: [10.0.0.0/33]}",
                        "intake.allow[0]",
                        "is no IP address, or no network",
                        "such as 127.0.0.1, 10.2.0.0/16, fd00::/8"),
                mistake(
                        GOOD + "admin: {protect_reads: true}",
                        "admin.token",
                        "is missing",
                        "`protect_reads: true` needs it"),
                mistake(
                        GOOD + "admin: {protect_reads: true, token: ${DATACENTRE}}",
                        "admin.token",
                        "is missing",
                        "is that set?"),
                mistake(
                        GOOD + "admin: {protect_reads: true, token: ${EMPTY}}",
                        "admin.token",
                        "must not be empty",
                        "is that set?"),
                mistake(GOOD + "intake: {secret: ''}", "intake.secret", "must not be empty", "leave the key out"),
                mistake(GOOD + "intake: {secret: ' '}", "intake.secret", "must not be empty", "leave the key out"),
                mistake(
                        GOOD + "intake: {enabled: true, secret: ${EMPTY}}",
                        "intake.secret",
                        "must not be empty",
                        "leave the key out"),
                mistake(
                        GOOD + "intake: {max_body: 1GiB}",
                        "intake.max_body",
                        "must be 256MiB at most",
                        "held in memory"),
                // Variables
                mistake(
                        GOOD + "dc: ${DATACENTRE}",
                        "dc",
                        "the environment variable DATACENTRE is not set",
                        "did you mean `${DATACENTER}`?"),
                mistake(
                        GOOD + "admin: {port: ${DATACENTER}}",
                        "admin.port",
                        "must be a whole number from 0 to 65535",
                        "Port"),
                // The file as a whole
                mistake("", "", "is empty", "`kafka` and `targets`"),
                mistake("# nothing\n", "", "is empty", "`kafka` and `targets`"),
                mistake("- a\n- b\n", "", "must be a map of keys and values", "`kafka` and `targets`"),
                mistake("a: [1, 2\nb: 3", "", "is not valid YAML", "column"),
                mistake("a: 1\n---\nb: 2", "", "is not valid YAML", "column"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void tellsWhereWhatAndHowToMendIt(String yaml, String path, String rule, String hint) {
        List<Problem> problems = problemsOf(yaml);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).path()).isEqualTo(path);
        assertThat(problems.get(0).rule()).startsWith(rule);
        assertThat(problems.get(0).hint()).contains(hint);
    }

    @Test
    void tellsOfTenMistakesAtOnceInTheOrderOfTheFile() {
        String yaml = """
                servcie: cpjobqueue
                kafka:
                  producer: {linger: 20}
                targets:
                  runner: {uri: 'runner.example.org', timeout: 20}
                lanes:
                  main:
                    target: runer
                    jobs:
                      refreshLinks: {concurency: 240}
                      cdnPurge: {concurrency: many}
                    exclude: [cdnPurge]
                readonly_hold: ${HOLD}
                dedupe: {store: redis}
                """;

        List<Problem> problems = problemsOf(yaml);

        assertThat(problems)
                .extracting(problem -> problem.line().orElse(0) + " " + problem.path())
                .containsExactly(
                        "1 servcie",
                        "2 kafka.bootstrap_servers",
                        "3 kafka.producer.linger",
                        "5 targets.runner.timeout",
                        "5 targets.runner.uri",
                        "8 lanes.main.target",
                        "10 lanes.main.jobs.refreshLinks.concurency",
                        "11 lanes.main.jobs.cdnPurge.concurrency",
                        "12 lanes.main.exclude[0]",
                        "13 readonly_hold",
                        "14 dedupe.redis.uri");
    }

    @Test
    void showsTheValueButNoSecret() {
        List<Problem> problems =
                problemsOf(kafka("client: {ssl.key.pasword: hush, ssl.protocl: TLS}") + "admin: {token: [hush]}");

        assertThat(problems).extracting(Problem::value).containsExactlyInAnyOrder("(hidden)", "TLS", "(hidden)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hu\\u0001sh", "hu\\nsh", "h\u00fcsh", "hu\\u007Fsh"})
    void aTokenThatNoHeaderTakesIsRefusedAndNotShown(String token) {
        List<Problem> problems = problemsOf(GOOD + "admin: {token: \"" + token + "\"}");

        assertThat(problems)
                .extracting(Problem::path, Problem::rule, Problem::value)
                .containsExactly(tuple("admin.token", "must be printable ASCII", "(hidden)"));
    }

    @Test
    void showsNoPasswordOfATarget() {
        Problem problem = problemsOf(KAFKA + "targets: {runner: {uri: 'https://user:hush@a/'}}")
                .get(0);

        assertThat(problem.toString()).doesNotContain("hush");
    }

    /** Otherwise {@code check} would be content with what stops {@code run}. */
    @Test
    void takesTheLongestThatATargetCanBeOpenedWith() {
        assertThat(problemsOf(KAFKA
                        + "targets: {runner: {uri: 'https://a/', connect_timeout: 1h, max_connection_age: 365d}}"))
                .isEmpty();
    }

    @Test
    void showsAVariableAndNotWhatItHolds() {
        Problem problem = problemsOf(GOOD + "admin: {port: ${DATACENTER}}").get(0);

        assertThat(problem.value()).isEqualTo("${DATACENTER}");
        assertThat(problem.line()).isEqualTo(OptionalInt.of(3));
    }

    private static String twoTargets() {
        return "targets: {a: {uri: 'https://a/'}, b: {uri: 'https://b/'}}\n";
    }

    private static String kafka(String more) {
        return "kafka: {bootstrap_servers: ['kafka:9092'], " + more + "}\n" + TARGETS;
    }

    private static Arguments mistake(String yaml, String path, String rule, String hint) {
        return Arguments.of(yaml, path, rule, hint);
    }

    private static List<Problem> problemsOf(String yaml) {
        return new ConfigurationLoader(Map.of("DATACENTER", "eqiad", "EMPTY", ""), Path.of("there.pem")::equals)
                .parse(yaml)
                .match(unusedLoaded -> List.of(), LoadResult.Refused::problems);
    }
}
