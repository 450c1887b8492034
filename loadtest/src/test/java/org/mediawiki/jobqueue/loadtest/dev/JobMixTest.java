package org.mediawiki.jobqueue.loadtest.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.RealJobs;

final class JobMixTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void jobsAreOfEveryTypeOfTheSampleAndAreCreatedNow() throws IOException {
        JobMix mix = JobMix.ofRealJobs(1, Clock.fixed(NOW, ZoneOffset.UTC));
        Set<String> types = RealJobs.sample().stream()
                .map(bytes -> bytes.toJsonObject().getString("type"))
                .collect(Collectors.toSet());

        List<JobEvent> jobs = Stream.generate(mix::next).limit(2_000).toList();

        assertThat(jobs.stream().map(JobEvent::type).collect(Collectors.toSet()))
                .isEqualTo(types);
        assertThat(jobs).allSatisfy(job -> assertThat(created(job)).isEqualTo(NOW));
    }

    @Test
    void jobsThatWereDelayedAreDelayedAsLongFromNow() throws IOException {
        JobMix mix = JobMix.ofRealJobs(1, Clock.fixed(NOW, ZoneOffset.UTC));

        List<JobEvent> purges = Stream.generate(mix::next)
                .limit(500)
                .filter(job -> job.type().equals("cdnPurge"))
                .toList();

        assertThat(purges)
                .isNotEmpty()
                .allSatisfy(job -> assertThat(job.bytes().toJsonObject().getInstant("delay_until"))
                        .isBetween(NOW.plusSeconds(5), NOW.plusSeconds(60)));
    }

    private static Instant created(JobEvent job) {
        JsonObject meta = job.bytes().toJsonObject().getJsonObject("meta");
        return meta.getInstant("dt");
    }
}
