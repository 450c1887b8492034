package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.RealJobs;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/** SPEC section 3: what a real MediaWiki sent reaches the runner as it was sent. */
final class RealJobsIT {

    @Test
    void everyRealJobArrivesOnceByteForByteWithItsHeaders() throws IOException {
        List<JobEvent> jobs = realJobs();
        Set<String> topics = new TreeSet<>();
        try (TestBed bed = new TestBed()) {
            bed.produce(jobs);
            jobs.forEach(job -> topics.add(bed.topic(job.type())));

            // Some of them repeat others.
            bed.start(Setup.plain().withKeys("dedupe: {store: off}"));

            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            bed.awaitCommitted(bed.group(), topics);
            assertThat(bed.runner().ledger().count()).isEqualTo(jobs.size());
            Map<String, RecordedRequest> byId = bed.runner().ledger().requests().stream()
                    .collect(Collectors.toMap(request -> request.job().event().id(), request -> request));
            for (JobEvent job : jobs) {
                assertArrived(job, Objects.requireNonNull(byId.get(job.id())));
            }
        }
    }

    private static void assertArrived(JobEvent job, RecordedRequest request) {
        JsonObject meta = job.bytes().toJsonObject().getJsonObject("meta");
        String trigger =
                "req:" + meta.getString("request_id") + "," + meta.getString("stream") + ":" + meta.getString("uri");
        assertThat(request.wire().body()).isEqualTo(job.bytes());
        assertThat(request.wire().host()).isEqualTo(meta.getString("domain"));
        assertThat(request.wire().headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("x-request-id", meta.getString("request_id"))
                .containsEntry("x-triggered-by", trigger)
                .containsEntry("user-agent", "ChangePropagation-JobQueue/WMF");
    }

    private static List<JobEvent> realJobs() throws IOException {
        try (InputStream lines = RealJobsIT.class.getResourceAsStream("/jobs-real.ndjson")) {
            return RealJobs.read(lines).stream().map(RealJobsIT::job).toList();
        }
    }

    private static JobEvent job(Buffer bytes) {
        JsonObject event = bytes.toJsonObject();
        return new JobEvent(event.getJsonObject("meta").getString("id"), event.getString("type"), bytes);
    }
}
