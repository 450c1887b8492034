package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.observe.Promtool;

/**
 * The legacy service's alert, as Wikimedia has it, fires on our metrics: on the very series of a running service, which
 * Prometheus' unit tests then let go on for hours.
 */
final class LegacyAlertIT {

    /** The alert of {@code wikimedia/operations-alerts}, without the texts for people. */
    private static final String RULES = """
            groups:
            - name: jobqueue
              rules:
              - alert: JobQueueLowTrafficConsumerWidespreadHighLatency
                expr: |
                  count(
                    histogram_quantile(0.95, sum by (rule, le) (
                      rate(cpjobqueue_normal_rule_processing_delay_bucket{rule=~"low-traffic-jobs-.*"}[10m]))
                    )
                      > 120
                  )
                    /
                  count(
                    sum by (rule) (rate(cpjobqueue_normal_rule_processing_delay_count{rule=~"low-traffic-jobs-.*"}[10m])) > 0
                  )
                    > 0.5
                for: 6h
                labels: {severity: critical}
            """;

    private static final int JOBS = 20;

    @Test
    void firesWhenLowTrafficJobsStartLateForSixHours(@TempDir Path folder) throws IOException {
        Clock longAgo = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));

        assertThat(alerts(folder, longAgo)).contains("SUCCESS");
    }

    @Test
    void keepsQuietWhenTheyStartInTime(@TempDir Path folder) throws IOException {
        assertThat(alerts(folder, Clock.systemUTC())).doesNotContain("SUCCESS").contains("got:[]");
    }

    /** Runs jobs that were created when {@code created} says, and says what the alert would make of hours of them. */
    private static String alerts(Path folder, Clock created) throws IOException {
        JobEvents events = new JobEvents(5, created);
        try (TestBed bed = new TestBed()) {
            bed.createTopics("Foo", "Bar_baz");
            Service service = bed.start();
            List.of("Foo", "Bar_baz").forEach(type -> bed.produce(events.next(JOBS, JobShape.of(type))));
            List.of("Foo", "Bar_baz").forEach(type -> bed.awaitEnded(type, JOBS));
            bed.awaitCommitted(bed.group(), List.of(bed.topic("Foo"), bed.topic("Bar_baz")));

            String series = bed.admin(service, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("cpjobqueue_normal_rule_processing_delay_"))
                    .flatMap(LegacyAlertIT::grownForHours)
                    .collect(Collectors.joining());

            Files.writeString(folder.resolve("rules.yaml"), RULES);
            Path test = Files.writeString(folder.resolve("test.yaml"), """
                    rule_files: [rules.yaml]
                    evaluation_interval: 1m
                    tests:
                    - interval: 1m
                      input_series:
                    %s
                      alert_rule_test:
                      - alertname: JobQueueLowTrafficConsumerWidespreadHighLatency
                        eval_time: 350m
                        exp_alerts: []
                      - alertname: JobQueueLowTrafficConsumerWidespreadHighLatency
                        eval_time: 400m
                        exp_alerts:
                        - exp_labels: {severity: critical}
                    """.formatted(series));
            return Promtool.run("", "test", "rules", test.toString()).output();
        }
    }

    /** What a series has come to with these jobs it comes to again every minute. */
    private static Stream<String> grownForHours(String sample) {
        int space = sample.lastIndexOf(' ');
        double value = Double.parseDouble(sample.substring(space + 1));
        return Stream.of("  - {series: '%s', values: '0+%fx420'}%n".formatted(sample.substring(0, space), value));
    }
}
