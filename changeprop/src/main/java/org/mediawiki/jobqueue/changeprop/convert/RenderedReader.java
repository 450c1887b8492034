package org.mediawiki.jobqueue.changeprop.convert;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;
import org.mediawiki.jobqueue.changeprop.convert.LegacyRule.Role;

/** Reads the file that the legacy service itself reads: {@code config.yaml}. */
final class RenderedReader {

    private static final String PREFIX = "/{api:sys}/";
    private static final String PLAIN_PREFIX = "/sys/";

    /** What ours is too, where nothing else is said. */
    private static final String USUAL_USER_AGENT = "ChangePropagation-JobQueue/WMF";

    /** In {@code lib/base_executor.js}. */
    private static final int USUAL_CONCURRENCY = 30;

    private final Block root;
    private final Findings findings;
    private final KafkaReader kafka;
    private final List<LegacyRule> rules = new ArrayList<>();
    private final Map<String, String> named = new HashMap<>();
    private final Map<String, String> sections = new LinkedHashMap<>();
    private final TreeSet<String> partitioned = new TreeSet<>();
    private Optional<LegacyRedis> redis = Optional.empty();
    private List<String> brokers = List.of();
    private String dc = "datacenter1";
    private String serviceName = "";

    private RenderedReader(Block root) {
        this.root = root;
        this.findings = root.findings();
        this.kafka = new KafkaReader(findings);
    }

    static LegacyQueue read(Block root) {
        return new RenderedReader(root).read();
    }

    private LegacyQueue read() {
        Block service = theService();
        serviceName = service.text("name").orElse("");
        Block conf = service.blockOrEmpty("conf");
        Optional<String> userAgent = conf.text("user_agent").filter(agent -> !agent.equals(USUAL_USER_AGENT));
        tellOfTheService(service, conf);
        modules(spec(service, conf));
        tellOfTheProcess();
        checkPartitioners();
        return new LegacyQueue(
                serviceName, dc, kafka.withBrokers(brokers), rules, List.of(), redis, sections, userAgent);
    }

    private Block theService() {
        List<Block> services = root.blocks("services");
        if (services.size() != 1) {
            findings.refuse("services", "must be exactly one", "a process of ours is one service");
        }
        return services.isEmpty() ? root.blockOrEmpty("services") : services.get(0);
    }

    /** Usually an anchor at the top, which the service refers to: the shorter path is the better one to read. */
    private Block spec(Block service, Block conf) {
        Block ofService = conf.blockOrEmpty("spec");
        Block top = root.blockOrEmpty("spec");
        if (root.has("spec") && !top.saysTheSameAs(ofService)) {
            findings.refuse("spec", "is not what the service reads", "that stands in " + service.at("conf.spec"));
        }
        return root.has("spec") ? top : ofService;
    }

    private void tellOfTheService(Block service, Block conf) {
        service.skip("name", "module", "conf");
        service.refuseTheRest();
        conf.skip("spec");
        conf.pass(Kind.NOT_NEEDED, "cors", "No page of another site asks the admin port for anything.");
        conf.pass(Kind.NOT_NEEDED, "no_proxy_list", "There is no proxy.");
        conf.pass(Kind.ELSEWHERE, "port", "No port takes requests here; metrics and health are on admin.port.");
        conf.pass(Kind.ELSEWHERE, "interface", "See admin.host.");
        conf.pass(Kind.NOT_NEEDED, "log_header_whitelist", "No headers of jobs are logged.");
        conf.pass(Kind.ACT, "proxy", "Requests went through a proxy there; here they go to the target itself.");
        conf.refuseTheRest();
    }

    private void tellOfTheProcess() {
        root.skip("spec", "services");
        root.pass(Kind.ELSEWHERE, "num_workers", "Of processes in a pod; here one process uses all cores.");
        root.pass(Kind.NOT_NEEDED, "startup_concurrency", "Of worker processes.");
        root.pass(Kind.ELSEWHERE, "worker_heap_limit_mb", "The heap follows from the memory limit of the container.");
        root.pass(Kind.NOT_NEEDED, "worker_heartbeat_timeout", "See /healthz.");
        root.pass(Kind.ELSEWHERE, "logging", "Logs are JSON on stdout; nothing is logged for a healthy job.");
        root.pass(Kind.NOT_NEEDED, "sampled_levels", "Logs are not sampled.");
        root.pass(Kind.ELSEWHERE, "metrics", "Prometheus scrapes /metrics on admin.port; there is no statsd.");
        root.refuseTheRest();
    }

    private void modules(Block spec) {
        spec.skip("title");
        spec.pass(Kind.NOT_NEEDED, "x-sub-request-filters", "Requests go to the targets alone.");
        Block paths = spec.blockOrEmpty("paths");
        for (String path : List.copyOf(paths.keys())) {
            String name = path.replace(PREFIX, "").replace(PLAIN_PREFIX, "");
            paths.block(path).ifPresent(module -> module(name, module));
        }
        spec.refuseTheRest();
        if (brokers.isEmpty()) {
            findings.refuse(paths.at(PREFIX + "queue"), "is missing", "it says where Kafka is, and holds the rules");
        }
    }

    private void module(String name, Block path) {
        for (Block module : path.blocks("x-modules")) {
            Block options = module.blockOrEmpty("options");
            module.skip("path");
            module.refuseTheRest();
            switch (name) {
                case "queue" -> queue(options);
                case "dedupe" -> dedupe(options);
                case "limit" ->
                    path.findings()
                            .tell(
                                    Kind.NOT_NEEDED,
                                    path.at("x-modules"),
                                    "Rules without limiters do not ask the rate limiter.");
                default -> {
                    if (name.startsWith("partition")) {
                        PartitionMap.read(options, sections);
                    } else {
                        findings.refuse(path.at("x-modules"), "no such module of the job queue", "it runs jobs only");
                    }
                }
            }
        }
        path.refuseTheRest();
    }

    private void dedupe(Block options) {
        Block store = options.blockOrEmpty("redis");
        redis = Optional.of(LegacyRedis.read(store, options.number("window", 1), false));
        String prefix = options.text("redis_prefix").orElse("CP");
        if (!prefix.equals("CPJQ")) {
            findings.tell(
                    Kind.ACT,
                    options.at("redis_prefix"),
                    "Keys begin with " + prefix
                            + " there and with CPJQ here: what the legacy service remembered is not found.");
        }
        options.refuseTheRest();
    }

    private void queue(Block options) {
        brokers = options.texts("metadata_broker_list").stream()
                .flatMap(list -> List.of(list.split("[, ]+")).stream())
                .toList();
        dc = options.text("dc_name").orElseGet(() -> oneOf(options));
        options.skip("consume_dc", "produce_dc");
        options.block("consumer").ifPresent(kafka::consumer);
        options.block("producer").ifPresent(kafka::producer);
        options.pass(Kind.NOT_NEEDED, "startup_delay", "Consumption begins when everything is connected.");
        if (options.flag("test_mode", false)) {
            findings.refuse(options.at("test_mode"), "commits nothing", "convert a configuration that runs jobs");
        }
        RuleKeys usual = new RuleKeys(options);
        int concurrency = usual.positive("concurrency", USUAL_CONCURRENCY);
        usual.tellOfWhatMayBeSaidForAll();
        Block templates = options.blockOrEmpty("templates");
        for (String ruleName : templates.keys()) {
            templates.block(ruleName).ifPresent(rule -> rule(ruleName, templates.at(ruleName), rule, concurrency));
        }
        options.refuseTheRest();
    }

    private String oneOf(Block options) {
        Optional<String> consumed = options.text("consume_dc");
        Optional<String> produced = options.text("produce_dc");
        if (!consumed.equals(produced)) {
            findings.refuse(
                    options.at("consume_dc"), "differs from produce_dc", "one service serves one datacenter here");
        }
        return consumed.orElse("datacenter1");
    }

    private void rule(String ruleName, String path, Block rule, int usualConcurrency) {
        RuleTopics topics = RuleTopics.read(rule);
        RuleTopics.partitionedBy(rule)
                .forEach(partitioner -> RuleTopics.tellOfOtherNames(findings, path, partitioner, serviceName));
        Optional<URI> uri = ExecBlock.read(rule);
        if (ExecBlock.isPartitioner(uri)) {
            partitioned.addAll(topics.types());
            rule.pass(Kind.NOT_NEEDED, "concurrency", "Nothing is partitioned any more: see `sections`.");
            RuleSettings.read(rule, usualConcurrency);
        } else {
            RuleSettings settings = RuleSettings.read(rule, usualConcurrency);
            uri.ifPresent(target ->
                    rules.add(new LegacyRule(ruleName, path, topics.role(), topics.types(), settings, target)));
            claim(path, topics);
            tellOfItsGroup(ruleName, path, topics);
        }
        rule.refuseTheRest();
    }

    /** There, each rule of a type runs its jobs; here a type has one, and the limits of the other would be lost. */
    private void claim(String path, RuleTopics topics) {
        List<String> claims = topics.role() == Role.EVERYTHING_ELSE ? List.of("every other type") : topics.types();
        for (String claim : claims) {
            String first = named.putIfAbsent(claim, path);
            if (first != null) {
                findings.refuse(path, claim + " is named twice", "it stands in " + first + " too; keep one of them");
            }
        }
    }

    /** Our group of a job type takes over from the legacy group of the same name. */
    private void tellOfItsGroup(String ruleName, String path, RuleTopics topics) {
        String expected = topics.role() == Role.EVERYTHING_ELSE
                ? "low_traffic_jobs"
                : topics.types().size() == 1 ? topics.types().get(0) : "";
        if (!ruleName.equals(expected) && !topics.types().isEmpty()) {
            findings.tell(
                    Kind.ACT,
                    path,
                    "Its group is named " + ruleName + ", and ours looks for the name of "
                            + (expected.isEmpty() ? "each job type" : expected)
                            + " : let the legacy service finish its backlog before the switch"
                            + (topics.types().size() > 1
                                    ? ". Its types shared one limit there; here each has that limit for itself."
                                    : "."));
        }
    }

    private void checkPartitioners() {
        for (LegacyRule rule : rules) {
            if (rule.role() == Role.BY_SECTION && sections.isEmpty()) {
                findings.refuse(
                        rule.path(), "runs what a partitioner has sorted, and there is none", "see partition_map");
            } else if (rule.role() == Role.BY_SECTION && !partitioned.containsAll(rule.types())) {
                findings.refuse(rule.path(), "no rule sorts " + rule.types() + " into its topic", "remove the rule");
            }
        }
    }
}
