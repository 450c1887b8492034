package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** {@code docs/metrics.md} says what each metric means. */
final class DocumentedMetricsIT {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("(?m)^((?:cp)?jobqueue_\\w+)");

    @Test
    void everyMetricOfARunningServiceIsDocumented() throws IOException {
        try (TestBed bed = new TestBed()) {
            bed.produce(new JobEvents(1, Clock.systemUTC()).next(JobShape.of("refreshLinks")));
            Service service = bed.start();
            bed.awaitCommitted(bed.group(), List.of(bed.topic("refreshLinks")));

            String metrics = bed.admin(service, "/metrics").body();

            String page = Files.readString(PAGE);
            assertThat(NAME.matcher(metrics).results().map(name -> family(name.group(1))))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        }
    }

    /** Without what histograms and summaries add for their parts. */
    private static String family(String name) {
        boolean hasParts = name.startsWith("cpjobqueue_") || name.contains("_seconds_");
        return hasParts ? name.replaceFirst("_(bucket|sum|count|max)$", "") : name;
    }
}
