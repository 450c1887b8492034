package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.assign.Unit;
import org.mediawiki.jobqueue.changeprop.config.BreakerConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypePolicy;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneTypes;
import org.mediawiki.jobqueue.changeprop.config.LowTrafficConfig;
import org.mediawiki.jobqueue.changeprop.config.RetryConfig;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.config.TlsConfig;
import org.mediawiki.jobqueue.changeprop.consume.FlowControl;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.mediawiki.jobqueue.changeprop.dispatch.RetryPolicy;
import org.mediawiki.jobqueue.changeprop.dispatch.Rule;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.breaker.BreakerSettings;
import org.mediawiki.jobqueue.runner.http.TargetSettings;
import org.mediawiki.jobqueue.runner.lane.FinerLimits;
import org.mediawiki.jobqueue.runner.lane.LaneSettings;
import org.mediawiki.jobqueue.runner.lane.MostBlocked;
import org.mediawiki.jobqueue.runner.lane.PoolSettings;
import org.mediawiki.jobqueue.runner.lane.TypeSettings;

/** What the configuration says of one lane, in the terms of those who carry it out. Pure. */
final class LaneForm {

    /** Enough to keep any limit busy between two polls, and that a type of small limit notices little of a pause. */
    private static final int LEAST_OPEN_SLOTS = 1_000;

    /**
     * A quarter may run and a quarter may be blocked; a paused partition resumes at the half, so that it always comes
     * to those behind them.
     */
    private static final int OPEN_SLOTS_PER_LIMIT = 4;

    /** No more than runs is ever opened, so a bound that is larger costs nothing. */
    private static final int LEAST_CONNECTIONS = 256;

    /** What a target's HTTP client can be made for. */
    private static final int MOST_CONNECTIONS = 10_000;

    private final Configuration configuration;
    private final EffectiveConfig effective;
    private final String name;
    private final LaneConfig lane;

    LaneForm(Configuration configuration, String name) {
        this.configuration = configuration;
        this.effective = new EffectiveConfig(configuration);
        this.name = name;
        this.lane = effective.lane(name);
    }

    String name() {
        return name;
    }

    String group() {
        return effective.consumerGroup(name);
    }

    /** The groups of the service's other lanes, whether this process runs them or not. */
    Set<String> otherGroups() {
        return configuration.lanes().keySet().stream()
                .filter(lane -> !lane.equals(name))
                .map(effective::consumerGroup)
                .collect(Collectors.toSet());
    }

    /** The topics of the lane's job types. */
    Pattern topicPattern(Topics topics) {
        return effective.typesOf(name).match(topics::only, topics::allBut);
    }

    /** Which topics share limits, and so belong to one instance: those of a pool, or of the lane where it has a limit. */
    Plan plan(Topics topics) {
        LaneTypes types = effective.typesOf(name);
        return topic -> topics.parse(topic)
                .map(JobTopic::type)
                .filter(types::contains)
                .map(this::unitOf)
                .orElseGet(() -> Plan.alone(topic));
    }

    private Unit unitOf(String type) {
        JobTypePolicy policy = effective.policyFor(name, type);
        return lane.concurrency() == null
                ? new Unit(policy.pool(), policy.settings().concurrency())
                : new Unit("lane/" + name, lane.concurrency());
    }

    /** {@code maxOpenBytes} is the lane's part of the memory. */
    LaneSettings settings(long maxOpenBytes) {
        return new LaneSettings(
                name,
                optional(lane.concurrency()),
                new MostBlocked(maxOpenSlots() / OPEN_SLOTS_PER_LIMIT, maxOpenBytes / OPEN_SLOTS_PER_LIMIT),
                breaker(lane.breaker()),
                this::typeSettings,
                lane.paused());
    }

    /** Also of types that the lane runs no longer, while some of their jobs are still here. */
    Rule rule(String type) {
        return effective
                .laneOf(type)
                .map(runner -> effective.policyFor(runner, type))
                .map(policy -> rule(policy.rule(), policy.settings()))
                .orElseGet(() -> new Rule(
                        type,
                        retry(lane.retry()),
                        Optional.empty(),
                        Optional.empty(),
                        configuration.delayLimit(),
                        true));
    }

    private Rule rule(String rule, JobTypeConfig settings) {
        return new Rule(
                rule,
                retry(settings.retry()),
                Optional.ofNullable(settings.abandonAfter()),
                Optional.ofNullable(settings.abandonRootAfter()),
                configuration.delayLimit(),
                settings.dedupe());
    }

    private static RetryPolicy retry(RetryConfig config) {
        return new RetryPolicy(config.limit(), config.delay(), config.factor());
    }

    String ruleName(String type) {
        return rule(type).name();
    }

    /** How long the jobs of a read-only wiki wait. */
    Duration readonlyHold() {
        return configuration.readonlyHold();
    }

    /** The limit that the jobs of a type share with others, or have alone. */
    String poolName(String type) {
        return effective.policyFor(name, type).pool();
    }

    /** How many jobs of that pool may run at once. */
    int limit(String type) {
        return effective.policyFor(name, type).settings().concurrency();
    }

    /** Nothing of the lane starts. */
    boolean isPaused() {
        return lane.paused();
    }

    /** Whether somebody has paused the type; it is not that the lane runs it no longer. */
    boolean pauses(String type) {
        return effective.laneOf(type).filter(name::equals).isPresent()
                && effective.policyFor(name, type).settings().paused();
    }

    boolean isPaused(String type) {
        return typeSettings(type).paused();
    }

    String sectionOf(String wiki) {
        return effective.sectionOf(wiki);
    }

    TargetSettings target() {
        return targetSettings(lane.target(), effective.targetOf(name), connections());
    }

    /** A target for so many requests at once. */
    static TargetSettings targetSettings(String name, TargetConfig target, int connections) {
        return new TargetSettings(
                name,
                target.uri(),
                new TargetSettings.Requests(
                        TargetSettings.Protocol.valueOf(target.protocol().name()),
                        TargetSettings.HostHeader.valueOf(target.hostHeader().name()),
                        target.userAgent(),
                        TargetSettings.Requests.DEFAULT.maxAnswerBytes()),
                new TargetSettings.Connections(
                        connections,
                        target.connectTimeout(),
                        target.maxConnectionAge(),
                        TargetSettings.Http2.valueOf(target.http2().name())),
                tls(target.tls()));
    }

    /** What the poll loop follows; {@code maxOpenBytes} is the lane's part of the memory. */
    PollLoop.Course course(Topics topics, long maxOpenBytes) {
        return new PollLoop.Course(
                topicPattern(topics).pattern(), new FlowControl(maxOpenSlots(), maxOpenBytes), pools());
    }

    /** Those whose job types share limits; all share that of the lane where it has one. */
    private Set<String> pools() {
        return lane.concurrency() == null ? Set.copyOf(lane.jobs().keySet()) : Set.of(name);
    }

    /** How long running jobs may finish when the process is stopped. */
    Duration drainTimeout() {
        return lane.drainTimeout() == null ? configuration.drainTimeout() : lane.drainTimeout();
    }

    /** The longest that an attempt of any type may take. */
    Duration longestTimeout() {
        Duration longest = Optional.ofNullable(lane.lowTraffic())
                .map(LowTrafficConfig::timeout)
                .orElse(Duration.ZERO);
        for (JobTypeConfig type : lane.jobs().values()) {
            longest = longest.compareTo(type.timeout()) < 0 ? type.timeout() : longest;
        }
        return longest;
    }

    /** Of a type that the lane runs no longer nothing starts; what runs goes on. */
    private TypeSettings typeSettings(String type) {
        if (effective.laneOf(type).filter(name::equals).isEmpty()) {
            return new TypeSettings(
                    new PoolSettings(type, 1, 1, 0), effective.targetOf(name).timeout(), breaker(lane.breaker()), true);
        }
        JobTypePolicy policy = effective.policyFor(name, type);
        JobTypeConfig settings = policy.settings();
        double maxShare = policy.hasOwnPool() || lane.lowTraffic() == null
                ? 1
                : lane.lowTraffic().maxShare();
        return new TypeSettings(
                new PoolSettings(
                        policy.pool(), settings.concurrency(), maxShare, settings.priority(), finerLimits(settings)),
                settings.timeout(),
                breaker(settings.breaker()),
                settings.paused());
    }

    private static BreakerSettings breaker(BreakerConfig config) {
        return new BreakerSettings(
                config.failureRate(), config.window(), config.minimumCalls(), config.openFor(), config.probes());
    }

    private static FinerLimits finerLimits(JobTypeConfig settings) {
        return new FinerLimits(
                optional(settings.perSection()),
                optional(settings.perWiki()),
                settings.rate() == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(settings.rate().perSecond()));
    }

    private int maxOpenSlots() {
        int largest = lowTrafficConcurrency();
        for (JobTypeConfig type : lane.jobs().values()) {
            largest = Math.max(largest, type.concurrency());
        }
        return Math.max(LEAST_OPEN_SLOTS, OPEN_SLOTS_PER_LIMIT * largest);
    }

    /** In steps, so that not every change of a limit means new connections. */
    private int connections() {
        int most = LEAST_CONNECTIONS;
        while (most < mostRunning()) {
            most *= 2;
        }
        return Math.min(MOST_CONNECTIONS, most);
    }

    private int mostRunning() {
        int sum = lowTrafficConcurrency();
        for (JobTypeConfig type : lane.jobs().values()) {
            sum += type.concurrency();
        }
        return lane.concurrency() == null ? Math.max(1, sum) : Math.min(sum, lane.concurrency());
    }

    private int lowTrafficConcurrency() {
        return lane.lowTraffic() == null ? 0 : lane.lowTraffic().concurrency();
    }

    private static TargetSettings.TlsFiles tls(TlsConfig tls) {
        return new TargetSettings.TlsFiles(
                Optional.ofNullable(tls.ca()), Optional.ofNullable(tls.certificate()), Optional.ofNullable(tls.key()));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
