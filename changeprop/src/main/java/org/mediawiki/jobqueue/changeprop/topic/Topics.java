package org.mediawiki.jobqueue.changeprop.topic;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The topics of one datacenter and one service (SPEC section 3). */
public final class Topics {

    private static final String JOB_STREAM = "mediawiki.job.";

    private final String dc;
    private final String service;
    private final Pattern jobTopic;

    /**
     * @param dc the datacenter that prefixes every topic, e.g. {@code eqiad}
     * @param service the service's name, e.g. {@code cpjobqueue}
     */
    public Topics(String dc, String service) {
        this.dc = dc;
        this.service = service;
        this.jobTopic = Pattern.compile(jobTopicRegex("(?<type>.+)"));
    }

    /** What {@code topic} holds; empty where it is none of the job topics of this datacenter and service. */
    public Optional<JobTopic> parse(String topic) {
        Matcher matcher = jobTopic.matcher(topic);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean retry = matcher.group("retry") != null;
        boolean partitioned = matcher.group("partitioned") != null;
        JobTopic.Kind kind = retry
                ? partitioned ? JobTopic.Kind.PARTITIONED_RETRY : JobTopic.Kind.RETRY
                : partitioned ? JobTopic.Kind.PARTITIONED : JobTopic.Kind.MAIN;
        return Optional.of(new JobTopic(matcher.group("type"), kind));
    }

    /** Matches the topics of the job types in {@code types} and of no others. */
    public Pattern only(Set<String> types) {
        return Pattern.compile(jobTopicRegex("(?:" + alternatives(types) + ")"));
    }

    /** Matches the topics of every job type, known or not, but those in {@code types}. */
    public Pattern allBut(Set<String> types) {
        return Pattern.compile(jobTopicRegex(types.isEmpty() ? ".+" : "(?!(?:" + alternatives(types) + ")$).+"));
    }

    /** Where the retry events of a job go whose event, or last retry event, came from {@code topic}. */
    public String retryTopicOf(String topic) {
        boolean isRetryTopic = parse(topic).map(t -> t.kind().isRetry()).orElse(false);
        return isRetryTopic ? topic : dc + "." + service + ".retry." + streamOf(topic);
    }

    /** The topic whose jobs {@code retryTopic} retries; empty where it is no retry topic. */
    public Optional<String> retriedTopic(String retryTopic) {
        String prefix = dc + "." + service + ".retry.";
        return retryTopic.startsWith(prefix)
                ? Optional.of(dc + "." + retryTopic.substring(prefix.length()))
                : Optional.empty();
    }

    /** The stream of a topic: its name without the datacenter. */
    public String streamOf(String topic) {
        return topic.substring(dc.length() + 1);
    }

    /** The topic of a stream. */
    public String topicOf(String stream) {
        return dc + "." + stream;
    }

    /** Whether a stream is that of a job type: its events are jobs from MediaWiki. */
    public boolean isJobStream(String stream) {
        return stream.startsWith(JOB_STREAM) && stream.length() > JOB_STREAM.length();
    }

    /** Where dead jobs go. */
    public String errorTopic() {
        return dc + "." + errorStream();
    }

    /** {@code meta.stream} of error events. */
    public String errorStream() {
        return service + ".error";
    }

    /** Where whatever must wait until a time goes to. */
    public String scheduledTopic() {
        return dc + "." + service + ".scheduled";
    }

    /** What each instance says of itself, and hand-over notes; compacted. */
    public String fleetTopic() {
        return dc + "." + service + ".fleet";
    }

    /** What operators have changed while the service runs; compacted. */
    public String controlTopic() {
        return dc + "." + service + ".control";
    }

    /** What operators did: marks of dead jobs, and the audit; compacted. */
    public String operationsTopic() {
        return dc + "." + service + ".operations";
    }

    /** The Kafka Streams application of the scheduler: its consumer group, and how its changelogs begin. */
    public String schedulerApplication() {
        return dc + "." + service + ".scheduler";
    }

    /** The consumer group of a rule of the legacy service. */
    public String legacyGroup(String rule) {
        return service + "-" + rule;
    }

    /** How the {@code emitter_id} of every event of this service, or the legacy one, begins. */
    public String emitterPrefix() {
        return emitterId("");
    }

    /** {@code emitter_id} of the events that a rule of ours sends. */
    public String emitterId(String rule) {
        return service + "#" + rule;
    }

    private String jobTopicRegex(String type) {
        String name = Pattern.quote(service);
        return "^" + Pattern.quote(dc) + "\\.(?<retry>" + name + "\\.retry\\.)?(?<partitioned>" + name
                + "\\.partitioned\\.)?" + Pattern.quote(JOB_STREAM) + type + "$";
    }

    private static String alternatives(Set<String> types) {
        return types.stream().sorted().map(Pattern::quote).collect(Collectors.joining("|"));
    }
}
