package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole file (SPEC section 6), complete: what the file leaves out has its default. */
public record Configuration(
        @Setting(
                value = "Name of the service: consumer groups, our own topics and the emitter id begin with it.",
                byDefault = "cpjobqueue",
                form = TextForm.NAME,
                restart = true)
        String service,

        @Setting(
                value = "Datacenter: the prefix of the topics, as in eqiad.mediawiki.job.refreshLinks.",
                byDefault = "eqiad",
                form = TextForm.NAME,
                restart = true)
        String dc,

        @Setting(
                value = "Name of this process among all of the service; one that restarts under the same name has its"
                        + " share of the work back at once. No two may have the same at a time. Default: the host's name"
                        + " and a number, the first that is free there.",
                form = TextForm.NAME,
                restart = true)
        @Nullable
        String instance,

        @Setting(value = "The Kafka cluster that the jobs come from.", required = true, restart = true)
        KafkaConfig kafka,

        @Setting(
                value = "MediaWiki's deployments, by name: one table of hosts and ports that targets refer to by"
                        + " `server_group`.",
                byDefault = "{}",
                form = TextForm.NAME)
        Map<String, ServerGroupConfig> serverGroups,

        @Setting(value = "Where jobs are run, by a name of your choice.", required = true, form = TextForm.NAME)
        Map<String, TargetConfig> targets,

        @Setting(
                value =
                        "Pools of job types, each aimed at one target. Without this key, and with exactly one target, one"
                                + " lane `main` runs every job type there.",
                form = TextForm.NAME)
        Map<String, LaneConfig> lanes,

        @Setting(
                value = "The database section that each wiki lives on, for per_section; the entry `default` is for"
                        + " every other wiki.",
                byDefault = "{}",
                form = TextForm.NAME)
        Map<String, String> sections,

        @Setting(value = "Retries of failed jobs; a lane or a job type may say otherwise.", byDefault = "{}")
        RetryConfig retry,

        @Setting(value = "Circuit breakers; a lane or a job type may say otherwise.", byDefault = "{}")
        BreakerConfig breaker,

        @Setting(value = "How duplicate jobs are recognised.", byDefault = "{}", restart = true)
        DedupeConfig dedupe,

        @Setting(value = "Where jobs wait for a time.", byDefault = "{}", restart = true)
        SchedulerConfig scheduler,

        @Setting(
                value = "How long the jobs of a wiki wait after the runner said that the wiki is read-only.",
                byDefault = "60s")
        Duration readonlyHold,

        @Setting(value = "A job whose delay_until is farther ahead than this is dead at once.", byDefault = "30d")
        Duration delayLimit,

        @Setting(
                value = "How long running jobs may finish when the process is stopped; a lane may say otherwise.",
                byDefault = "30s",
                min = 0,
                restart = true)
        Duration drainTimeout,

        @Setting(value = "The port that MediaWiki posts events to.", byDefault = "{}", restart = true)
        IntakeConfig intake,

        @Setting(value = "The folder of `jobqueue standalone`.", byDefault = "{}", restart = true)
        StandaloneConfig standalone,

        @Setting(
                value = "The port for operators: the console, the API that changes limits and replays jobs, metrics and"
                        + " health.",
                byDefault = "{}",
                restart = true)
        AdminConfig admin,

        @Setting(value = "Traces of attempts by OpenTelemetry; off by default.", byDefault = "{}", restart = true)
        TracingConfig tracing) {

    public Configuration {
        serverGroups = Ordered.copy(serverGroups);
        targets = Ordered.copy(targets);
        lanes = Ordered.copy(lanes);
        sections = Ordered.copy(sections);
    }

    /** The same with other lanes. */
    public Configuration withLanes(Map<String, LaneConfig> others) {
        return RecordCopy.of(this).with("lanes", others).make();
    }
}
