package org.mediawiki.jobqueue.changeprop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.AdminConfig;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;
import org.mediawiki.jobqueue.changeprop.config.LaneConfig;
import org.mediawiki.jobqueue.changeprop.config.LowTrafficConfig;
import org.mediawiki.jobqueue.changeprop.config.NotInForce;
import org.mediawiki.jobqueue.changeprop.config.SchedulerConfig;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.config.TlsConfig;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;

/** What is in force under a configuration: the service, its targets and lanes, and every job type. */
final class CheckReport {

    private final EffectiveConfig effective;
    private final Configuration configuration;

    private CheckReport(EffectiveConfig effective) {
        this.effective = effective;
        this.configuration = effective.configuration();
    }

    /** The text, ending with a line break. */
    static String of(EffectiveConfig effective) {
        CheckReport report = new CheckReport(effective);
        return String.join(
                "\n", report.service(), report.targets(), report.lanes(), JobTypeTable.of(effective), report.notes());
    }

    private String service() {
        return "Service  " + configuration.service() + " in " + configuration.dc() + "\n"
                + "Kafka    " + brokers(configuration.kafka().bootstrapServers()) + "\n"
                + "Breaker  " + JobTypeTable.breaker(configuration.breaker()) + "\n"
                + "Dedupe   " + dedupe(configuration.dedupe()) + "\n"
                + "Waiting  " + waiting(configuration.scheduler()) + "\n"
                + "Admin    " + admin(configuration.admin()) + "\n"
                + "Intake   "
                + (configuration.intake().enabled()
                        ? configuration.intake().host() + ":"
                                + configuration.intake().port()
                        : "off")
                + "\n";
    }

    private static String brokers(List<String> servers) {
        return servers.get(0) + (servers.size() > 1 ? " and " + (servers.size() - 1) + " more" : "");
    }

    private static String dedupe(DedupeConfig dedupe) {
        return dedupe.store() == DedupeConfig.Store.OFF
                ? "off"
                : word(dedupe.store()) + ", jobs for " + Durations.format(dedupe.ttl()) + ", leaves of root events for "
                        + Durations.format(dedupe.rootTtl());
    }

    private static String admin(AdminConfig admin) {
        boolean hasToken = Optional.ofNullable(admin.token())
                .filter(token -> !token.value().isBlank())
                .isPresent();
        return admin.host() + ":" + admin.port() + (hasToken ? "" : ", nothing can be changed: no token");
    }

    private static String waiting(SchedulerConfig scheduler) {
        String folder = scheduler.folder() == null ? "a temporary folder" : "folder " + scheduler.folder();
        return "in Kafka and " + folder + ", with " + scheduler.memory() + " of memory";
    }

    private String targets() {
        TextTable table = new TextTable(
                "TARGET", "SERVER GROUP", "URI", "PROTOCOL", "TIMEOUT", "CONNECT", "MAX AGE", "HOST", "HTTP/2", "TLS");
        for (Map.Entry<String, TargetConfig> entry : configuration.targets().entrySet()) {
            TargetConfig target = entry.getValue();
            table.row(
                    entry.getKey(),
                    target.serverGroup() == null ? TextTable.NOTHING : target.serverGroup(),
                    target.uri().toString(),
                    word(target.protocol()),
                    Durations.format(target.timeout()),
                    Durations.format(target.connectTimeout()),
                    Durations.format(target.maxConnectionAge()),
                    word(target.hostHeader()),
                    word(target.http2()),
                    tls(target));
        }
        return table.toString();
    }

    private static String tls(TargetConfig target) {
        if ("http".equals(target.uri().getScheme())) {
            return "none";
        }
        TlsConfig tls = target.tls();
        String trust = tls.ca() == null ? "JDK's authorities" : tls.ca().toString();
        return tls.certificate() == null ? trust : trust + ", as " + tls.certificate();
    }

    private String lanes() {
        TextTable table = new TextTable(
                "LANE", "TARGET", "CONSUMER GROUP", "AT ONCE", "EVERY OTHER JOB TYPE", "NOT RUN", "PAUSED");
        for (Map.Entry<String, LaneConfig> entry : configuration.lanes().entrySet()) {
            LaneConfig lane = entry.getValue();
            table.row(
                    entry.getKey(),
                    lane.target(),
                    effective.consumerGroup(entry.getKey()),
                    lane.concurrency() == null
                            ? TextTable.NOTHING
                            : lane.concurrency().toString(),
                    pool(lane.lowTraffic()),
                    lane.exclude().isEmpty() ? TextTable.NOTHING : String.join(" ", lane.exclude()),
                    lane.paused() ? "paused" : TextTable.NOTHING);
        }
        return table.toString();
    }

    private static String pool(@Nullable LowTrafficConfig pool) {
        return pool == null
                ? TextTable.NOTHING
                : pool.concurrency() + " at once, one type at most " + Math.round(pool.maxShare() * 100) + "%";
    }

    /** What a reader may not see in the tables. */
    private String notes() {
        List<LaneConfig> lanes = List.copyOf(configuration.lanes().values());
        List<String> notes = new ArrayList<>();
        notes.add("Columns that no job type uses are left out.");
        if (lanes.stream().allMatch(lane -> lane.lowTraffic() == null)) {
            notes.add("Job types that are not named here are NOT RUN: no lane has low_traffic.");
        }
        if (lanes.stream().anyMatch(CheckReport::hasPerSection)
                && configuration.sections().isEmpty()) {
            notes.add("per_section is a limit for ALL WIKIS TOGETHER: without `sections` they are one section.");
        }
        configuration.lanes().keySet().stream()
                .filter(lane -> effective.mostRunning(lane) > Connections.MOST)
                .forEach(lane -> notes.add(tooManyForOneProcess(lane)));
        notes.addAll(NotInForce.LIMITATIONS);
        return String.join("\n", notes) + "\n";
    }

    private static boolean hasPerSection(LaneConfig lane) {
        LowTrafficConfig pool = lane.lowTraffic();
        boolean hasPool = pool != null && pool.perSection() != null;
        return hasPool || lane.jobs().values().stream().anyMatch(settings -> settings.perSection() != null);
    }

    private String tooManyForOneProcess(String lane) {
        return "The limits of lane " + lane + " let " + effective.mostRunning(lane)
                + " jobs run at once, but a process has"
                + " " + Connections.MOST
                + " CONNECTIONS AT MOST to each address of a target. By HTTP/1.1 what is beyond"
                + " waits for one, for connect_timeout, and then counts as not sent: the breaker of a target opens that is"
                + " well. A `concurrency` of the lane keeps it below.";
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
