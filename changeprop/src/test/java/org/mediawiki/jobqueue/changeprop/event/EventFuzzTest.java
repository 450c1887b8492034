package org.mediawiki.jobqueue.changeprop.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.changeprop.event.Events.bytes;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.event.EventEncoder.Return;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.Failure;

/** Damaged real events, 10,000 of each kind: nothing throws; the seed is the parameter. */
class EventFuzzTest {

    private static final Failure WHY = Failure.withoutAnswer(Failure.Cause.STATUS, 500, "HTTP 500");
    private static final String[] FRAGMENTS = {
        "\"",
        "\\",
        "\\ud800",
        "\\u0000",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "1e999",
        "-",
        "\u00e9",
        "\ud83d\ude00",
        "\"meta\":",
        "\"dt\":",
        "\"original_event\":{",
        "0001-01-01T00:00:00Z",
        "\n",
        "\u0000"
    };

    private final EventDecoder decoder = new EventDecoder();
    private final EventEncoder encoder =
            new EventEncoder(new Topics("eqiad", "cpjobqueue"), InstantSource.system(), () -> "id");

    @ParameterizedTest
    @MethodSource("seeds")
    void noDamageToAJobMakesAnythingThrow(long seed) {
        Random random = new Random(seed);
        List<String> real = Events.real();
        for (int i = 0; i < 1_000; i++) {
            byte[] record = damaged(bytes(real.get(random.nextInt(real.size()))), random);
            decoder.job(record)
                    .accept(
                            job -> checkAllThatFollows(job, record),
                            reason -> assertThat(reason).isNotBlank());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noDamageToARetryMakesAnythingThrow(long seed) {
        Random random = new Random(seed);
        List<String> real = Events.real();
        for (int i = 0; i < 1_000; i++) {
            byte[] record = damaged(retryOf(bytes(real.get(random.nextInt(real.size())))), random);
            decoder.retry(record)
                    .accept(
                            retry -> {
                                assertThat(TriggeredBy.retry(retry)).isNotNull();
                                checkAllThatFollows(
                                        retry.job(), retry.jobBytes().getBytes());
                            },
                            reason -> assertThat(reason).isNotBlank());
        }
    }

    /** Whatever could be read can be retried with the same bytes, and given up. */
    private void checkAllThatFollows(JobEvent job, byte[] bytes) {
        assertThat(TriggeredBy.first(job)).isNotNull();
        assertThat(DelayUntil.of(job, InstantSource.system().instant(), Duration.ofDays(30)))
                .isNotNull();
        RetryEvent retry = Events.valid(decoder.retry(retry(job, bytes)));
        assertThat(retry.jobBytes().getBytes()).isEqualTo(bytes);
        assertThat(retry.job()).isEqualTo(job);
        assertThat(encoder.dead(job, Buffer.buffer(bytes), "rule", WHY).length())
                .isPositive();
    }

    private byte[] retryOf(byte[] job) {
        return retry(Events.valid(decoder.job(job)), job);
    }

    private byte[] retry(JobEvent job, byte[] bytes) {
        Return request = new Return("s", "rule", TriggeredBy.first(job), 2);
        return encoder.retry(job, Buffer.buffer(bytes), request, 1, WHY).getBytes();
    }

    private static byte[] damaged(byte[] record, Random random) {
        byte[] damaged = record;
        for (int wounds = random.nextInt(3); wounds >= 0; wounds--) {
            damaged = woundedOnce(damaged, random);
        }
        return damaged;
    }

    private static byte[] woundedOnce(byte[] record, Random random) {
        if (record.length == 0) {
            return record;
        }
        int at = random.nextInt(record.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] changed = record.clone();
                changed[at] = (byte) random.nextInt(256);
                return changed;
            }
            case 1 -> {
                return Arrays.copyOf(record, at);
            }
            case 2 -> {
                int gap = Math.min(record.length - at, 1 + random.nextInt(20));
                return join(Arrays.copyOf(record, at), Arrays.copyOfRange(record, at + gap, record.length));
            }
            default -> {
                byte[] fragment = bytes(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
                byte[] rest = Arrays.copyOfRange(record, at, record.length);
                return join(Arrays.copyOf(record, at), join(fragment, rest));
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }
}
