package org.mediawiki.jobqueue.changeprop.app;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.assign.Plan;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.JobTypeConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneTypes;
import org.mediawiki.jobqueue.changeprop.config.RetryConfig;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.mediawiki.jobqueue.changeprop.dispatch.RetryPolicy;
import org.mediawiki.jobqueue.changeprop.dispatch.Rule;
import org.mediawiki.jobqueue.changeprop.topic.JobTopic;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.http.TargetSettings;
import org.mediawiki.jobqueue.runner.lane.LaneSettings;

/** What the configuration says of one lane, in the terms of those who carry it out. Pure. */
final class LaneForm {

    private final Configuration configuration;
    private final EffectiveConfig effective;
    private final String name;
    private final LaneConfig lane;
    private final PoolForm pools;

    LaneForm(Configuration configuration, String name) {
        this.configuration = configuration;
        this.effective = new EffectiveConfig(configuration);
        this.name = name;
        this.lane = effective.lane(name);
        this.pools = new PoolForm(effective, name);
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

    /** Which topics share limits, and so belong to one instance. */
    Plan plan(Topics topics) {
        LaneTypes types = effective.typesOf(name);
        return topic -> topics.parse(topic)
                .map(JobTopic::type)
                .filter(types::contains)
                .map(pools::unitOf)
                .orElseGet(() -> Plan.alone(topic));
    }

    /** {@code maxOpenBytes} is the lane's part of the memory. */
    LaneSettings settings(long maxOpenBytes) {
        return pools.settings(maxOpenBytes);
    }

    /** What the poll loop follows; {@code maxOpenBytes} is the lane's part of the memory. */
    PollLoop.Settings pollSettings(Topics topics, long maxOpenBytes) {
        return new PollLoop.Settings(topicPattern(topics).pattern(), pools.flowControl(maxOpenBytes), pools.pools());
    }

    /** Where its jobs are sent. */
    TargetSettings target() {
        return TargetForm.of(lane.target(), effective.targetOf(name), pools.connections());
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

    /** Nothing of the lane starts. */
    boolean isPaused() {
        return lane.paused();
    }

    /** Whether somebody has paused the type; it is not that the lane runs it no longer. */
    boolean pauses(String type) {
        return effective.laneOf(type).filter(name::equals).isPresent()
                && effective.policyFor(name, type).settings().paused();
    }

    String sectionOf(String wiki) {
        return effective.sectionOf(wiki);
    }

    /** How long running jobs may finish when the process is stopped. */
    Duration drainTimeout() {
        return lane.drainTimeout() == null ? configuration.drainTimeout() : lane.drainTimeout();
    }
}
