package org.mediawiki.jobqueue.changeprop.convert;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;
import org.mediawiki.jobqueue.changeprop.convert.LegacyRule.Role;

/** Reads the Helm values that the legacy chart renders a {@code config.yaml} from. */
final class HelmReader {

    /** The chart's own default of {@code main_app.concurrency}. */
    private static final int USUAL_CONCURRENCY = 50;

    /** The chart names the partitioned topics like that, whatever the service's name is. */
    private static final String PARTITIONER = "cpjobqueue";

    private static final String ANOTHER_FILE =
            "values come in several files: name them all, the chart's own values.yaml first, as for helm -f";

    private static final List<String> OF_THE_DEPLOYMENT = List.of(
            "docker",
            "resources",
            "rollingUpdateStrategy",
            "monitoring",
            "nutcracker",
            "common_images",
            "external_services",
            "networkpolicy",
            "logging",
            "metrics",
            "app",
            "mesh",
            "debug",
            "config",
            "affinity",
            "helm_scaffold_version",
            "subcharts",
            "routed_via");

    private static final List<String> OF_THE_CONTAINER = List.of(
            "image",
            "version",
            "port",
            "command",
            "args",
            "requests",
            "limits",
            "liveness_probe",
            "readiness_probe",
            "num_workers",
            "log_level",
            "volumes",
            "volumeMounts");

    private final Block root;
    private final Findings findings;
    private final Map<String, String> sections;
    private final List<LegacyRule> rules = new ArrayList<>();
    private final List<String> switchedOff = new ArrayList<>();
    private final Map<String, String> named = new HashMap<>();

    private HelmReader(Block root, Map<String, String> sections) {
        this.root = root;
        this.findings = root.findings();
        this.sections = sections;
    }

    /**
     * @param sections of each wiki: the chart has them in its template, not in its values; empty where nobody said
     */
    static LegacyQueue read(Block root, Map<String, String> sections) {
        return new HelmReader(root, sections).read();
    }

    private LegacyQueue read() {
        Block app = root.blockOrEmpty("main_app");
        Block queue = app.blockOrEmpty("jobqueue");
        if (!queue.flag("enabled", false)) {
            findings.refuse(queue.at("enabled"), "is not true", "these values are not a job queue's; " + ANOTHER_FILE);
        }
        KafkaKeys kafka = kafka(app.blockOrEmpty("kafka"), queue.blockOrEmpty("kafka"));
        int concurrency = (int) app.number("concurrency", 0).orElse(USUAL_CONCURRENCY);
        uri(queue).ifPresent(uri -> rules(queue, uri, concurrency));
        Optional<LegacyRedis> redis = redis(app);
        Block service = root.blockOrEmpty("service");
        String name = service.text("name").orElse("");
        if (name.isEmpty()) {
            findings.refuse(service.at("name"), "is missing", ANOTHER_FILE);
        }
        rules.stream()
                .filter(rule -> rule.role() == Role.BY_SECTION)
                .forEach(rule -> RuleTopics.tellOfOtherNames(findings, rule.path(), PARTITIONER, name));
        String dc = app.text("site").orElse("datacenter1");
        tellOfTheDeployment(app, queue, service);
        return new LegacyQueue(
                name, dc, kafka, rules, switchedOff, redis, hasSections() ? sections : Map.of(), Optional.empty());
    }

    private boolean hasSections() {
        return rules.stream().anyMatch(rule -> rule.role() == Role.BY_SECTION);
    }

    private Optional<URI> uri(Block queue) {
        Optional<String> text = queue.text("jobrunner_uri");
        if (text.isEmpty()) {
            findings.refuse(queue.at("jobrunner_uri"), "is missing", ANOTHER_FILE);
        }
        return text.flatMap(said -> ExecBlock.uri(queue, said));
    }

    private KafkaKeys kafka(Block kafka, Block ofQueue) {
        KafkaReader reader = new KafkaReader(findings);
        for (Block block : List.of(kafka, ofQueue)) {
            block.block("consumer").ifPresent(reader::consumer);
            block.block("producer").ifPresent(reader::producer);
        }
        Block ssl = kafka.blockOrEmpty("ssl");
        if (ssl.flag("enabled", false)) {
            ssl.block("settings").ifPresent(reader::consumer);
        } else if (!kafka.has("ssl")) {
            findings.tell(
                    Kind.ACT, kafka.at("ssl"), "Is not in these values; the chart's own have TLS on: name them first.");
        }
        if (!ssl.flag("enabled", false)) {
            ssl.pass(Kind.NOT_NEEDED, "settings", "TLS is not enabled.");
        }
        ssl.refuseTheRest();
        List<String> brokers = kafka.texts("broker_list");
        if (brokers.isEmpty()) {
            findings.refuse(kafka.at("broker_list"), "is missing", ANOTHER_FILE);
        }
        kafka.refuseTheRest();
        ofQueue.refuseTheRest();
        return reader.withBrokers(brokers);
    }

    private void rules(Block queue, URI uri, int concurrency) {
        for (String group : List.of("high_traffic_jobs_config", "latency_sensitive_jobs_config")) {
            Block types = queue.blockOrEmpty(group);
            for (String type : types.keys()) {
                types.block(type).ifPresent(rule -> {
                    claim(type, types.at(type));
                    boolean isEnabled = isEnabled(rule, type);
                    RuleSettings settings = RuleSettings.read(rule, concurrency);
                    add(isEnabled, new LegacyRule(type, types.at(type), Role.NAMED, List.of(type), settings, uri));
                    rule.refuseTheRest();
                });
            }
        }
        partitioned(queue, uri, concurrency);
        everythingElse(queue, uri, concurrency);
    }

    private void add(boolean isEnabled, LegacyRule rule) {
        if (isEnabled) {
            rules.add(rule);
        } else {
            switchedOff.addAll(rule.types());
        }
    }

    /** The legacy service does not start where two rules have one name. */
    private void claim(String type, String path) {
        String first = named.putIfAbsent(type, path);
        if (first != null) {
            findings.refuse(path, "is named twice", "it stands in " + first + " too; keep one of them");
        }
    }

    /** Helm takes what is absent for false: the chart then renders no rule, and excludes the type all the same. */
    private boolean isEnabled(Block rule, String type) {
        boolean isSaid = rule.has("enabled");
        boolean isEnabled = rule.flag("enabled", false);
        if (!isEnabled) {
            findings.tell(
                    Kind.DIFFERS,
                    rule.at("enabled"),
                    (isSaid ? "Switches the type off" : "Is absent, which switches the type off")
                            + ": " + type
                            + " is not run there at all, not even with the low-traffic jobs; here it stands"
                            + " under `exclude`.");
        }
        return isEnabled;
    }

    private void partitioned(Block queue, URI uri, int concurrency) {
        Block types = queue.blockOrEmpty("partitioned_jobs_config");
        boolean hasPartitioner = queue.flag("partitioners", false);
        for (String type : types.keys()) {
            types.block(type).ifPresent(rule -> {
                claim(type, types.at(type));
                boolean isEnabled = isEnabled(rule, type);
                partitioner(rule, isEnabled, hasPartitioner);
                Block partition = rule.blockOrEmpty("partition");
                partition.skip("enabled");
                RuleSettings settings = RuleSettings.read(partition, concurrency);
                add(isEnabled, new LegacyRule(type, types.at(type), Role.BY_SECTION, List.of(type), settings, uri));
                partition.refuseTheRest();
                rule.refuseTheRest();
            });
        }
    }

    private void partitioner(Block rule, boolean isEnabled, boolean hasPartitioner) {
        String kind = rule.text("partitioner_kind").orElse("");
        if (!kind.equals("mediawiki_database")) {
            findings.refuse(
                    rule.at("partitioner_kind"),
                    "must be mediawiki_database",
                    "per_section goes by the wiki, nothing else");
        }
        rule.pass(Kind.NOT_NEEDED, "partitioner_concurrency", "Nothing is partitioned any more: see `sections`.");
        if (isEnabled && !hasPartitioner) {
            findings.refuse(rule.at("enabled"), "needs main_app.jobqueue.partitioners", "no job of it is run there");
        } else if (isEnabled && sections.isEmpty()) {
            findings.refuse(
                    rule.at("partitioner_kind"),
                    "does not say which wiki is in which section",
                    "the chart has it in its template: name a file with a key `sections` by --sections, such as"
                            + " config/wikimedia.yaml, or convert the config.yaml that helm template renders");
        }
    }

    private void everythingElse(Block queue, URI uri, int concurrency) {
        Block pool = queue.blockOrEmpty("low_traffic_jobs");
        List<String> excluded = new ArrayList<>(queue.texts("excluded_jobs"));
        if (pool.flag("enabled", false)) {
            int own = new RuleKeys(pool).positive("concurrency", concurrency);
            pool.pass(
                    Kind.DIFFERS,
                    "consumer",
                    "Kafka properties of this rule's own consumer; here one serves the lane.");
            rules.add(new LegacyRule(
                    "low_traffic_jobs",
                    queue.at("low_traffic_jobs"),
                    Role.EVERYTHING_ELSE,
                    excluded,
                    RuleSettings.usual(own),
                    uri));
        } else {
            switchedOff.addAll(excluded);
            pool.pass(Kind.NOT_NEEDED, "concurrency", "The rule is not enabled.");
            pool.pass(Kind.NOT_NEEDED, "consumer", "The rule is not enabled.");
        }
        for (String key : pool.keys()) {
            if (!List.of("enabled", "concurrency", "consumer").contains(key)) {
                pool.pass(Kind.DIFFERS, key, "The chart does not pass it on: it has no effect there, and is left out.");
            }
        }
        pool.refuseTheRest();
    }

    private Optional<LegacyRedis> redis(Block app) {
        if (app.isFalse("redis")) {
            return Optional.empty();
        }
        boolean hasSidecar = root.blockOrEmpty("nutcracker").flag("enabled", false);
        return Optional.of(LegacyRedis.read(app.blockOrEmpty("redis"), OptionalDouble.empty(), hasSidecar));
    }

    private void tellOfTheDeployment(Block app, Block queue, Block service) {
        for (String key : OF_THE_CONTAINER) {
            app.pass(Kind.ELSEWHERE, key, "Of the container.");
        }
        app.pass(Kind.NOT_NEEDED, "changeprop", "Of the other role of the legacy service.");
        app.pass(Kind.NOT_NEEDED, "purge_stream", "Of the other role of the legacy service.");
        app.pass(Kind.ACT, "proxy", "Requests went through a proxy there; here they go to the target itself.");
        app.refuseTheRest();
        queue.skip("partitioners");
        queue.refuseTheRest();
        service.pass(Kind.ELSEWHERE, "deployment", "Of the pod and what stands around it.");
        service.pass(Kind.ELSEWHERE, "port", "No port takes requests here; metrics and health are on admin.port.");
        service.refuseTheRest();
        for (String key : OF_THE_DEPLOYMENT) {
            root.pass(Kind.ELSEWHERE, key, "Of the pod and what stands around it.");
        }
        root.refuseTheRest();
    }
}
