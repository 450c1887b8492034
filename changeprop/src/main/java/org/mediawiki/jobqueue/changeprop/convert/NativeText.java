package org.mediawiki.jobqueue.changeprop.convert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.Durations;

/** Writes our configuration, in the form that people keep: what has its default is not written. */
final class NativeText {

    /** The variable that stands in for a password. */
    static final String REDIS_PASSWORD = "JOBQUEUE_REDIS_PASSWORD";

    private static final String PLAIN = "[A-Za-z/][A-Za-z0-9_./-]*(:[0-9]+)?";
    private static final String WORD_OF_YAML = "(?i)y|n|yes|no|on|off|true|false|null";

    private final StringBuilder text = new StringBuilder();

    private NativeText() {}

    static String of(LegacyQueue queue, Lanes lanes) {
        NativeText writer = new NativeText();
        writer.header(queue);
        writer.kafka(queue.kafka());
        writer.targets(lanes, queue);
        writer.lanes(lanes);
        writer.sections(queue.sections());
        writer.dedupe(queue.dedupe());
        writer.admin();
        return writer.text.toString();
    }

    private void header(LegacyQueue queue) {
        line("# Converted from the legacy service's configuration by `jobqueue convert`; see its list of differences.");
        line("service: " + scalar(queue.service()));
        line("dc: " + scalar(queue.dc()));
        line("");
    }

    private void kafka(KafkaKeys kafka) {
        line("kafka:");
        line("  bootstrap_servers:");
        kafka.brokers().forEach(broker -> line("    - " + scalar(broker)));
        properties("client", kafka.client());
        properties("consumer", kafka.consumer());
        properties("producer", kafka.producer());
        line("  mirror_legacy_offsets: true  # while the legacy service must be able to take over again");
        line("");
    }

    private void properties(String section, Map<String, String> properties) {
        if (!properties.isEmpty()) {
            line("  " + section + ":");
            properties.forEach((name, value) -> line("    " + scalar(name) + ": " + scalar(value)));
        }
    }

    private void targets(Lanes lanes, LegacyQueue queue) {
        line("targets:");
        lanes.targets().forEach((name, uri) -> {
            line("  " + scalar(name) + ":");
            line("    uri: " + quoted(uri.toString()));
            queue.userAgent().ifPresent(agent -> line("    user_agent: " + scalar(agent)));
            queue.kafka()
                    .authorities()
                    .filter(unusedFile -> "https".equals(uri.getScheme()))
                    .ifPresent(file -> line("    tls: {ca: " + scalar(file) + "}"));
        });
        line("");
    }

    private void lanes(Lanes lanes) {
        line("lanes:");
        lanes.lanes().forEach((name, lane) -> {
            line("  " + scalar(name) + ":");
            line("    target: " + scalar(lane.target()));
            if (!lane.jobs().isEmpty()) {
                line("    jobs:");
                lane.jobs()
                        .forEach((type, job) ->
                                line("      " + scalar(type) + ": " + settings(job.settings(), job.perSection())));
            }
            lane.pool().ifPresent(pool -> line("    low_traffic: " + settings(pool, Optional.empty())));
            if (!lane.exclude().isEmpty()) {
                line("    exclude: ["
                        + String.join(
                                ", ",
                                lane.exclude().stream().map(NativeText::scalar).toList()) + "]");
            }
        });
        line("");
    }

    private static String settings(RuleSettings settings, Optional<Integer> perSection) {
        List<String> entries = new ArrayList<>();
        entries.add("concurrency: " + settings.concurrency());
        perSection.ifPresent(limit -> entries.add("per_section: " + limit));
        duration(entries, "timeout", settings.timeout());
        duration(entries, "abandon_after", settings.abandonAfter());
        duration(entries, "abandon_root_after", settings.abandonRootAfter());
        List<String> retry = new ArrayList<>();
        settings.retryLimit().ifPresent(limit -> retry.add("limit: " + limit));
        duration(retry, "delay", settings.retryDelay());
        settings.retryFactor().ifPresent(factor -> retry.add("factor: " + number(factor)));
        if (!retry.isEmpty()) {
            entries.add("retry: {" + String.join(", ", retry) + "}");
        }
        return "{" + String.join(", ", entries) + "}";
    }

    private static void duration(List<String> entries, String key, Optional<Duration> duration) {
        duration.ifPresent(value -> entries.add(key + ": " + Durations.format(value)));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private void sections(Map<String, String> sections) {
        if (!sections.isEmpty()) {
            line("sections:");
            sections.forEach((wiki, section) -> line("  " + scalar(wiki) + ": " + scalar(section)));
            line("");
        }
    }

    private void dedupe(Optional<LegacyRedis> dedupe) {
        if (dedupe.isEmpty()) {
            line("dedupe: {store: 'off'}");
            line("");
            return;
        }
        LegacyRedis redis = dedupe.get();
        String window = redis.windowSeconds() == LegacyRedis.USUAL_WINDOW_SECONDS
                ? ""
                : ", ttl: " + Durations.format(Duration.ofSeconds((redis.windowSeconds() + 23) / 24)) + ", root_ttl: "
                        + Durations.format(Duration.ofSeconds(redis.windowSeconds()));
        String password = redis.hasPassword() ? ":${" + REDIS_PASSWORD + "}@" : "";
        line(redis.place()
                .map(place -> "dedupe: {store: redis" + window + ", redis: {uri: "
                        + quoted("redis://" + password + place) + "}}")
                .orElse("dedupe: {store: memory" + window + "}"));
        line("");
    }

    private void admin() {
        line("admin:");
        line("  host: 0.0.0.0");
        line("  port: 9102");
        line("  token: ${JOBQUEUE_ADMIN_TOKEN}");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** A text that YAML reads back as the same text. */
    private static String scalar(String text) {
        boolean isWord = text.matches(PLAIN) && !text.matches(WORD_OF_YAML);
        return isWord || text.matches("[1-9][0-9]{0,8}") ? text : quoted(text);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
