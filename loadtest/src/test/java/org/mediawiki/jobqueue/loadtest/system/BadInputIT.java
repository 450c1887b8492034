package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.largerThan;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** SPEC section 10: whatever stands in a record, the partition goes on; behind each there is a good job that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputIT {

    private static final String TYPE = "Victim";
    private static final int FOUR_MEBIBYTES = 4 << 20;

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(8, Clock.systemUTC());
    private Service service;
    private TopicTail errors;

    @BeforeAll
    void start() {
        bed.createTopics(TYPE, "NeverHeardOf");
        bed.runner().on(largerThan(FOUR_MEBIBYTES - 1)).answer(status(413));
        service = bed.start(
                Setup.lanes("main: {target: mw-jobrunner, jobs: {" + TYPE + ": {concurrency: 2, retry: {limit: 0}}}}"));
        errors = bed.tail(bed.errorTopic());
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void noJobStandsInTheErrorTopicWithItsTextAndTheReason(String what, String record, String reason) {
        ConsumerRecord<byte[], byte[]> error = errorOf(Buffer.buffer(record));

        JsonObject event = TopicTail.json(error);
        assertThat(event.getString("raw_event")).isEqualTo(record);
        assertThat(event.getString("message")).contains(reason);
        assertThat(event.getString("emitter_id")).isEqualTo(bed.group() + "#" + TYPE);
        assertThat(event.getString("$schema")).isEqualTo("/error/0.0.3");
    }

    Stream<Arguments> noJobStandsInTheErrorTopicWithItsTextAndTheReason() {
        return Stream.of(
                Arguments.of("no JSON", "<html>502</html>", "not JSON"),
                Arguments.of("empty", "", "not a JSON object"),
                Arguments.of("cut short", "{\"$schema\":\"/mediawiki/job/1.0.0\",\"meta\":{", "not JSON"),
                Arguments.of("two values", valid().encode() + "{}", "goes on"),
                Arguments.of("an array", "[" + valid().encode() + "]", "not a JSON object"),
                Arguments.of("a string", "\"job\"", "not a JSON object"),
                Arguments.of("null", "null", "not a JSON object"),
                Arguments.of("no $schema", without("$schema"), "$schema"),
                Arguments.of("no database", without("database"), "database"),
                Arguments.of("no type", without("type"), "type"),
                Arguments.of("no meta", without("meta"), "meta"),
                Arguments.of("no meta.dt", withMeta(meta -> meta.remove("dt")), "meta.dt"),
                Arguments.of("no meta.stream", withMeta(meta -> meta.remove("stream")), "meta.stream"),
                Arguments.of("meta is text", with("meta", "text"), "meta"),
                Arguments.of("database is a number", with("database", 5), "database"),
                Arguments.of("meta.dt is no date", withMeta(meta -> meta.put("dt", "yesterday")), "meta.dt"),
                Arguments.of("1,000 levels of nothing", "[".repeat(1_000), "not a JSON object"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aDelayThatCannotBeMeantMakesTheJobDead(String what, Object delayUntil) {
        String record = with("delay_until", delayUntil);

        ConsumerRecord<byte[], byte[]> error = errorOf(Buffer.buffer(record));

        assertThat(TopicTail.json(error).getString("message")).contains("delay_until");
        assertThat(TopicTail.json(error).getString("raw_event")).isEqualTo(record);
    }

    static Stream<Arguments> aDelayThatCannotBeMeantMakesTheJobDead() {
        return Stream.of(
                Arguments.of("no date", "soon"),
                Arguments.of("empty", ""),
                Arguments.of("a number", 1_700_000_000),
                Arguments.of(
                        "31 days ahead", Instant.now().plus(Duration.ofDays(31)).toString()),
                Arguments.of(
                        "ten years ahead",
                        Instant.now().plus(Duration.ofDays(3652)).toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void anOddJobIsRunAsItIs(String what, String record) {
        Buffer bytes = Buffer.buffer(record);
        bed.producer().produceRaw(bed.topic(TYPE), bytes);

        goodJobRuns();

        assertThat(bed.runner().ledger().requests())
                .filteredOn(request -> request.wire().body().equals(bytes))
                .hasSize(1);
    }

    Stream<Arguments> anOddJobIsRunAsItIs() {
        String deep = "[".repeat(1_000) + "]".repeat(1_000);
        return Stream.of(
                Arguments.of("created in the future", withMeta(meta -> meta.put("dt", "2999-01-01T00:00:00Z"))),
                Arguments.of("root in the future", with("root_event", root("2999-01-01T00:00:00Z"))),
                Arguments.of("root of no date", with("root_event", root("never"))),
                Arguments.of("delayed into the past", with("delay_until", "1999-01-01T00:00:00Z")),
                Arguments.of("1,000 levels", spliced("\"params\":" + deep)),
                Arguments.of("duplicate keys", spliced("\"params\":{\"a\":1,\"a\":2},\"params\":{}")),
                Arguments.of("negative size", with("params", new JsonObject().put("size", -5))),
                Arguments.of("a number of 2,000 digits", spliced("\"params\":" + "9".repeat(2_000))),
                Arguments.of("params is no object", with("params", "text")),
                Arguments.of("a type other than the topic's", with("type", "Impostor")),
                Arguments.of("no meta.id", withMeta(meta -> meta.remove("id"))),
                Arguments.of("a header within meta", withMeta(meta -> meta.put("request_id", "b\r\nx-evil: 1"))));
    }

    @Test
    void bytesThatAreNoTextAreKeptBesideTheErrorEvent() {
        Buffer raw = Buffer.buffer(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '"'});

        ConsumerRecord<byte[], byte[]> error = errorOf(raw);

        assertThat(TopicTail.json(error).getString("message")).contains("not JSON");
        assertThat(error.headers().lastHeader("raw_event").value()).isEqualTo(raw.getBytes());
    }

    @Test
    void bytesThatAreNoTextWithinAJobAreNeverAnException() {
        byte[] record = spliced("\"params\":{\"t\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        record[record.length - 4] = (byte) 0xFF;
        bed.producer().produceRaw(bed.topic(TYPE), Buffer.buffer(record));

        goodJobRuns();
    }

    @Test
    void aDomainThatIsNoHostIsDeadAndNoHeaderOfItsOwn() {
        String record = withMeta(meta -> meta.put("domain", "a\r\nx-evil: 1"));

        ConsumerRecord<byte[], byte[]> error = errorOf(Buffer.buffer(record));

        assertThat(TopicTail.json(error).getString("raw_event")).isEqualTo(record);
        assertThat(bed.runner().ledger().requests())
                .noneMatch(request -> request.wire().headers().containsKey("x-evil"));
    }

    @Test
    void aTombstoneIsSkippedAndCounted() {
        double before = tombstones();
        bed.producer().produceTombstone(bed.topic(TYPE));

        goodJobRuns();

        assertThat(tombstones()).isEqualTo(before + 1);
    }

    @Test
    void aJobThatIsTooLargeForTheRunnerIsDeadWithAllItsBytes() {
        JobEvent job = events.next(JobShape.of(TYPE).withParamsBytes(FOUR_MEBIBYTES));

        ConsumerRecord<byte[], byte[]> error = errorOf(job.bytes());

        assertThat(TopicTail.json(error).getString("raw_event"))
                .isEqualTo(job.bytes().toString());
        assertThat(TopicTail.json(error).getJsonObject("details").getInteger("status"))
                .isEqualTo(413);
        assertThat(bed.runner().ledger().requests(job.id())).hasSize(1);
    }

    @Test
    void anUnknownTypeRunsInTheLowTrafficPool() {
        JobEvent job = events.next(JobShape.of("NeverHeardOf"));
        bed.produce(job);

        bed.awaitRequests(job, 1);

        assertThat(bed.scrape(service)
                        .sum("jobqueue_slots_limit", "type=\"NeverHeardOf\"", "pool=\"low_traffic_jobs\""))
                .isEqualTo(50);
    }

    @Test
    void aRetryEventThatIsNoneIsDeadAndTheTopicGoesOn() {
        Buffer raw = Buffer.buffer("{\"meta\":{},\"original_event\":7}");
        bed.producer().produceRaw(bed.retryTopic(TYPE), raw);

        JsonObject event = TopicTail.json(errors.first(record -> isOf(record, raw)));

        assertThat(event.getString("message")).contains("original_event");
        bed.awaitCommitted(bed.group(), List.of(bed.retryTopic(TYPE)));
    }

    /** Produces a record and a good job behind it, and returns the error event of the former. */
    private ConsumerRecord<byte[], byte[]> errorOf(Buffer record) {
        int before = errors.all().size();
        bed.producer().produceRaw(bed.topic(TYPE), record);
        goodJobRuns();
        List<ConsumerRecord<byte[], byte[]>> added = errors.all();
        assertThat(added).hasSize(before + 1);
        return added.get(before);
    }

    /** A job behind whatever was produced is run, and everything is committed. */
    private void goodJobRuns() {
        JobEvent good = events.next(JobShape.of(TYPE));
        bed.produce(good);
        bed.awaitRequests(good, 1);
        bed.awaitCommitted(bed.group(), List.of(bed.topic(TYPE)));
    }

    private double tombstones() {
        return bed.scrape(service).sum("jobqueue_records_skipped_total", "type=\"Victim\"", "reason=\"tombstone\"");
    }

    private static boolean isOf(ConsumerRecord<byte[], byte[]> error, Buffer raw) {
        return raw.toString().equals(TopicTail.json(error).getString("raw_event"));
    }

    private JsonObject valid() {
        return events.next(JobShape.of(TYPE)).bytes().toJsonObject();
    }

    private String without(String field) {
        JsonObject event = valid();
        event.remove(field);
        return event.encode();
    }

    private String with(String field, Object value) {
        return valid().put(field, value).encode();
    }

    private String withMeta(Consumer<JsonObject> change) {
        JsonObject event = valid();
        change.accept(event.getJsonObject("meta"));
        return event.encode();
    }

    private String spliced(String fields) {
        String event = without("params");
        return event.substring(0, event.length() - 1) + "," + fields + "}";
    }

    private static JsonObject root(String dt) {
        return new JsonObject(Map.of("signature", "abc", "dt", dt));
    }
}
