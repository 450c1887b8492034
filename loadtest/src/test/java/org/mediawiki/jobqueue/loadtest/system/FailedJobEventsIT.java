package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.id;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest;

/** SPEC section 3: retry events, ours and the legacy service's, and error events; with the REST endpoint as target. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
final class FailedJobEventsIT {

    private static final String REASON = "Cannot access the database";

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(7, Clock.systemUTC());
    private TopicTail retries;
    private TopicTail errors;

    @BeforeAll
    void start() {
        bed.createTopics("Named", "Other");
        bed.start(Setup.lanes("main: {target: mw-jobrunner, jobs: {Named: {concurrency: 5}}}")
                .withKeys("retry: {limit: 2, delay: 300ms, factor: 3}")
                .aimedAt(bed.runner().restUri(), bed.runner().caFile()));
        retries = bed.tail(bed.retryTopic("Named"));
        errors = bed.tail(bed.errorTopic());
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @Test
    void theRetryEventTellsOfTheAttemptAndHoldsTheJob() {
        JobEvent job = events.next(JobShape.of("Named"));
        bed.runner()
                .on(id(job.id()))
                .answerTimes(1, status(500).body(restError()))
                .then(ok());
        Instant before = Instant.now().minusMillis(1);
        bed.produce(job);

        JsonObject retry = retries.eventWith(job.id());

        JsonObject event = job.bytes().toJsonObject();
        JsonObject meta = event.getJsonObject("meta");
        JsonObject retryMeta = retry.getJsonObject("meta");
        assertThat(retry.getString("$schema")).isEqualTo("/change-prop/retry/1.0.0");
        assertThat(retry.getString("emitter_id")).isEqualTo(bed.group() + "#Named");
        assertThat(retry.getInteger("retries_left")).isEqualTo(2);
        assertThat(retry.getInteger("error_status")).isEqualTo(500);
        assertThat(retry.getString("reason")).contains(REASON);
        assertThat(retry.getString("triggered_by")).isEqualTo(firstTrigger(meta));
        assertThat(retry.getJsonObject("original_event")).isEqualTo(event);
        assertThat(retryMeta.getString("stream")).isEqualTo(bed.group() + ".retry.mediawiki.job.Named");
        for (String copied : List.of("uri", "domain", "request_id")) {
            assertThat(retryMeta.getString(copied)).isEqualTo(meta.getString(copied));
        }
        assertThat(retryMeta.getString("id")).isNotEmpty().isNotEqualTo(job.id());
        assertThat(Instant.parse(retryMeta.getString("dt"))).isBetween(before, Instant.now());
    }

    @Test
    void everyAttemptSendsTheSameBytesAndTheChainThatLedToIt() {
        JobEvent job = events.next(JobShape.of("Named").withWiki("ruwiki", "ru.wiki.test"));
        // As PHP writes it: escapes that a JSON library would write in another way.
        Buffer odd = Buffer.buffer(job.bytes()
                .toString()
                .replace("\"params\":{", "\"params\":{\"t\":\"\\u0416\\/\\u00e9 \",\"n\":1.50,\"n\":2,"));
        JobEvent asSigned = new JobEvent(job.id(), job.type(), odd);
        bed.runner().on(id(job.id())).answer(status(500));
        bed.produce(asSigned);

        errors.eventWith(job.id());

        List<RecordedRequest> requests = bed.runner().ledger().requests(job.id());
        JsonObject meta = odd.toJsonObject().getJsonObject("meta");
        String first = firstTrigger(meta);
        String again = "," + bed.group() + ".retry.mediawiki.job.Named:" + meta.getString("uri");
        assertThat(requests).hasSize(3).allSatisfy(request -> {
            assertThat(request.wire().body()).isEqualTo(odd);
            assertThat(request.wire().host()).isEqualTo("ru.wiki.test");
            assertThat(request.wire().headers()).containsEntry("x-request-id", meta.getString("request_id"));
        });
        assertThat(requests)
                .extracting(request -> request.wire().headers().get("x-triggered-by"))
                .containsExactly(first, first + again, first + again + again);
    }

    @Test
    void theErrorEventTellsOfTheLastAttemptAndHoldsTheRawJob() {
        JobEvent job = events.next(JobShape.of("Other"));
        String page = "<html>" + "x".repeat(10_000) + "</html>";
        bed.runner()
                .on(id(job.id()))
                .answerTimes(1, status(500))
                .then(status(404).body(page).header("x-why", "gone"));
        bed.produce(job);

        JsonObject error = errors.eventWith(job.id());

        JsonObject meta = job.bytes().toJsonObject().getJsonObject("meta");
        JsonObject errorMeta = error.getJsonObject("meta");
        JsonObject details = error.getJsonObject("details");
        assertThat(error.getString("$schema")).isEqualTo("/error/0.0.3");
        assertThat(error.getString("emitter_id")).isEqualTo(bed.group() + "#low_traffic_jobs");
        assertThat(error.getString("raw_event")).isEqualTo(job.bytes().toString());
        assertThat(error.getString("message")).contains("404");
        assertThat(errorMeta.getString("stream")).isEqualTo(bed.group() + ".error");
        assertThat(errorMeta.getString("domain")).isEqualTo(meta.getString("domain"));
        assertThat(errorMeta.getString("uri")).isEqualTo(meta.getString("uri"));
        assertThat(errorMeta.getString("id")).isNotEmpty().isNotEqualTo(job.id());
        assertThat(Instant.parse(errorMeta.getString("dt"))).isBeforeOrEqualTo(Instant.now());
        assertThat(details.getInteger("status")).isEqualTo(404);
        assertThat(details.getJsonObject("headers").getString("x-why")).isEqualTo("gone");
        assertThat(details.getString("body")).isEqualTo(page.substring(0, 4096));
    }

    @Test
    void aRetryEventOfTheLegacyServiceRunsWhenItIsDue() {
        JobEvent job = events.next(JobShape.of("Named"));
        Instant failedAt = Instant.now();
        long failedAtNanos = bed.runner().ledger().nowNanos();
        produceLegacyRetry(job, failedAt, 1);

        bed.awaitRequests(job, 1);

        RecordedRequest request = bed.runner().ledger().requests(job.id()).get(0);
        Duration waited = Duration.ofNanos(request.span().startNanos() - failedAtNanos);
        assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(890));
        assertThat(bed.ran(failedAtNanos, request.span().startNanos())).isLessThanOrEqualTo(Duration.ofMillis(1_900));
        assertThat(request.wire().body()).isEqualTo(job.bytes());
        assertThat(request.wire().headers())
                .containsEntry(
                        "x-triggered-by",
                        "req:legacy,mediawiki.job.Named:https://legacy.test/,"
                                + bed.group()
                                + ".retry.mediawiki.job.Named:https://legacy.test/");
    }

    @Test
    void theLegacyServicesCountOfRetriesIsKept() {
        JobEvent job = events.next(JobShape.of("Named"));
        bed.runner().on(id(job.id())).answer(status(500));
        produceLegacyRetry(job, Instant.now().minusSeconds(60), 2);

        errors.eventWith(job.id());

        assertThat(bed.runner().ledger().requests(job.id())).hasSize(2);
        assertThat(retries.allWith(job.id()))
                .extracting(retry -> retry.getInteger("retries_left"))
                .containsExactly(2, 1);
    }

    @Test
    void aRetryEventFromTheFutureRunsRatherThanToHoldUpItsPartition() {
        JobEvent job = events.next(JobShape.of("Named"));
        produceLegacyRetry(job, Instant.parse("2999-01-01T00:00:00Z"), 1);

        bed.awaitRequests(job, 1);

        bed.awaitCommitted(bed.group(), List.of(bed.retryTopic("Named")));
    }

    /** In the shape of the legacy service's {@code _constructRetryMessage}, with what its producer fills in. */
    private void produceLegacyRetry(JobEvent job, Instant failedAt, int retriesLeft) {
        JsonObject retry = new JsonObject()
                .put("$schema", "/change-prop/retry/1.0.0")
                .put(
                        "meta",
                        new JsonObject()
                                .put("stream", bed.group() + ".retry.mediawiki.job.Named")
                                .put("uri", "https://legacy.test/")
                                .put("domain", "legacy.test")
                                .put("id", "4ee7ae00-7e1a-11ef-8a3b-2b1d4a1a0c11")
                                .put("dt", failedAt.toString()))
                .put("triggered_by", "req:legacy,mediawiki.job.Named:https://legacy.test/")
                .put("emitter_id", bed.group() + "#Named")
                .put("retries_left", retriesLeft)
                .put("original_event", job.bytes().toJsonObject())
                .put("error_status", 503);
        bed.producer().produceRaw(bed.retryTopic("Named"), retry.toBuffer());
    }

    private static String firstTrigger(JsonObject meta) {
        return "req:" + meta.getString("request_id") + "," + meta.getString("stream") + ":" + meta.getString("uri");
    }

    /** As the EventBus extension's endpoint words a failure. */
    private static String restError() {
        return new JsonObject()
                .put("message", REASON)
                .put("httpCode", 500)
                .put("httpReason", "Internal Server Error")
                .encode();
    }
}
