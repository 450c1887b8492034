package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mediawiki.jobqueue.changeprop.event.Decoded;
import org.mediawiki.jobqueue.changeprop.event.EventDecoder;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FilledMeta;

class ExaminationTest {

    /** As the extension signs it today: it leaves the date to the intake. */
    private static final String JOB = """
            {"$schema":"/mediawiki/job/1.0.0","meta":{"uri":"https://placeholder.invalid/wiki/Special:Badtitle",\
            "request_id":"r1","id":"4f93e248-f777-46df-a736-f5d5e468e600","domain":"en.wiki.test",\
            "stream":"mediawiki.job.refreshLinks"},"database":"enwiki","type":"refreshLinks",\
            "params":{"namespace":0,"title":"Ü/x","requestId":"r1"},"mediawiki_signature":"8700564c"}""";

    private static final String DATED = JOB.replace("\"domain\"", "\"dt\":\"2026-11-22T11:20:33Z\",\"domain\"");

    private final AtomicInteger ids = new AtomicInteger();
    private final Examination examination = new Examination(
            new Topics("eqiad", "cpjobqueue"),
            Set.of("mediawiki.page-create"),
            InstantSource.fixed(Instant.parse("2026-11-25T10:00:00.123456Z")),
            () -> "id-" + ids.incrementAndGet());

    @Test
    void anEventThatLacksNothingIsTakenAsTheBytesThatItCameIn() {
        Examined.Good good = good("  " + DATED + " ");

        assertThat(good.topic()).isEqualTo("eqiad.mediawiki.job.refreshLinks");
        assertThat(good.value()).hasToString("  " + DATED + " ");
    }

    @Test
    void whatIsMissingIsFilledInWithoutTouchingTheRest() {
        Examined.Good good = good(JOB.replace("\"id\":\"4f93e248-f777-46df-a736-f5d5e468e600\",", ""));

        assertThat(good.value().toString())
                .startsWith(
                        "{\"$schema\":\"/mediawiki/job/1.0.0\",\"meta\":{\"filled_in\":[\"id\",\"dt\"],\"id\":\"id-1\","
                                + "\"dt\":\"2026-11-25T10:00:00.123Z\",\"uri\":\"https://placeholder.invalid/");
        assertThat(new EventDecoder().job(good.value().getBytes())).isInstanceOf(Decoded.Valid.class);
    }

    @Test
    void theSignedBytesCanBeHadBack() {
        Buffer value = good(JOB).value();

        assertThat(value.toString()).isNotEqualTo(JOB);
        assertThat(FilledMeta.without(value)).hasToString(JOB);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"database\":\"enwiki\", | ''",
                "\"type\":\"refreshLinks\", | ''",
                "\"$schema\":\"/mediawiki/job/1.0.0\" | \"$schema\":\"/mediawiki/job/2.0.0\"",
                "\"database\":\"enwiki\" | \"database\":17",
                "\"database\":\"enwiki\" | \"database\":\"\"",
                "\"2026-11-22T11:20:33Z\" | \"yesterday\"",
                "\"2026-11-22T11:20:33Z\" | null",
                "\"params\":{ | \"params\":[1],\"x\":{",
                "\"params\":{ | \"params\":\"text\",\"x\":{",
                "\"database\" | \"delay_until\":\"never\",\"database\"",
                "\"database\" | \"page_namespace\":0.5,\"database\"",
                "\"database\" | \"page_namespace\":\"0\",\"database\"",
                "\"database\" | \"sha1\":\"zz\",\"database\"",
                "\"database\" | \"root_event\":{\"dt\":\"2026-11-22T11:20:33Z\"},\"database\"",
                "\"mediawiki.job.refreshLinks\" | \"mediawiki.job.\"",
                "\"mediawiki.job.refreshLinks\" | \"mediawiki.job.a/b\"",
                "\"mediawiki.job.refreshLinks\" | \"mediawiki.revision-create\"",
                "\"mediawiki.job.refreshLinks\" | {}",
                "\"meta\":{ | \"meta\":7,\"x\":{",
            })
    void whatBreaksARuleOfTheSchemaIsRefusedWithTheReason(String part, String replacement) {
        assertThat(DATED).contains(part);

        assertThat(examine(DATED.replace(part, replacement)))
                .isInstanceOfSatisfying(
                        Examined.Bad.class, bad -> assertThat(bad.reason()).isNotBlank());
    }

    /** They are dates by RFC 3339, and would make the job dead. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-22 11:20:33Z, meta.dt",
        "2026-11-22 11:20:33Z, delay_until",
        "2016-12-31T23:59:60Z, meta.dt",
        "2016-12-31T23:59:60Z, delay_until"
    })
    void aDateThatTheLanesDoNotReadIsRefused(String date, String field) {
        String event = field.equals("meta.dt")
                ? DATED.replace("2026-11-22T11:20:33Z", date)
                : DATED.replace("\"database\"", "\"delay_until\":\"" + date + "\",\"database\"");

        assertThat(examine(event))
                .isInstanceOfSatisfying(
                        Examined.Bad.class, bad -> assertThat(bad.reason()).contains("ISO 8601"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"params\":{ | \"params\":[],\"x\":{",
                "\"database\" | \"page_namespace\":123456789012345678901234567890,\"database\"",
                "\"database\" | \"anything\":[[[]]],\"database\"",
                "\"2026-11-22T11:20:33Z\" | \"2026-11-22T11:20:33.5+01:00\"",
                "\"database\" | \"delay_until\":\"2026-11-22T11:20:33Z\",\"database\"",
                "\"database\" | \"root_event\":{\"signature\":\"s\",\"dt\":\"2026-11-22 11:20:33Z\"},\"database\"",
            })
    void whatTheSchemaAllowsIsTaken(String part, String replacement) {
        good(DATED.replace(part, replacement));
    }

    @Test
    void otherStreamsAreTakenWhereTheyAreConfigured() {
        Examined.Good good = good(
                "{\"$schema\":\"/x/1.0.0\",\"meta\":{\"stream\":\"mediawiki.page-create\",\"dt\":\"2026-11-22T11:20:33Z\"}}");

        assertThat(good.topic()).isEqualTo("eqiad.mediawiki.page-create");
    }

    @Test
    void whatIsNoObjectIsNoEvent() {
        for (String value : new String[] {"7", "\"text\"", "null", "[]", "[{}]", "true", "{}"}) {
            assertThat(examine(value)).as(value).isInstanceOf(Examined.Bad.class);
        }
    }

    @Test
    void aStreamWhoseRetryTopicWouldBeTooLongIsRefused() {
        assertThat(examine(DATED.replace("job.refreshLinks", "job." + "x".repeat(213))))
                .isInstanceOf(Examined.Bad.class);
    }

    /** What is taken must be a job to those who read it. */
    @Test
    void whateverIsTakenCanBeDecoded() {
        Random random = new Random(3);
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] event = (random.nextBoolean() ? JOB : DATED).getBytes(UTF_8);
            event[random.nextInt(event.length)] = (byte) (32 + random.nextInt(95));
            boolean isJson = Batch.read(event, 1).match(events -> true, unusable -> false);
            if (!isJson || !(examination.examine(event, new Span(0, event.length)) instanceof Examined.Good good)) {
                continue;
            }
            taken++;
            assertThat(new EventDecoder().job(good.value().getBytes()))
                    .as(new String(event, UTF_8))
                    .isInstanceOf(Decoded.Valid.class);
        }
        assertThat(taken).isGreaterThan(5_000);
    }

    private Examined.Good good(String event) {
        Examined examined = examine(event);
        assertThat(examined).isInstanceOf(Examined.Good.class);
        return (Examined.Good) examined;
    }

    private Examined examine(String event) {
        byte[] bytes = event.getBytes(UTF_8);
        return examination.examine(bytes, new Span(0, bytes.length));
    }
}
