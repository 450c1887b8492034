package org.mediawiki.jobqueue.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobEventsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.5Z");

    private final JobEvents events = new JobEvents(42, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aJobHasTheFieldsThatItsShapeAsksFor() {
        JobShape shape = JobShape.of("refreshLinks")
                .withWiki("dewiki", "de.wiki.test")
                .withDelayUntil(Instant.parse("2026-11-22T11:00:00Z"))
                .withSha1("abc")
                .withRoot("root", NOW);

        JobEvent made = events.next(shape);

        JsonObject event = made.bytes().toJsonObject();
        JsonObject meta = event.getJsonObject("meta");
        assertThat(event.fieldNames())
                .containsExactly(
                        "$schema",
                        "meta",
                        "database",
                        "type",
                        "sha1",
                        "root_event",
                        "delay_until",
                        "params",
                        "mediawiki_signature");
        assertThat(meta.getString("id")).isEqualTo(made.id());
        assertThat(meta.getString("dt")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(meta.getString("domain")).isEqualTo("de.wiki.test");
        assertThat(meta.getString("stream")).isEqualTo("mediawiki.job.refreshLinks");
        assertThat(event.getString("database")).isEqualTo("dewiki");
        assertThat(event.getString("delay_until")).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(event.getJsonObject("root_event").getString("signature")).isEqualTo("root");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 400, 5_000, 4_000_000})
    void aJobIsAboutAsLargeAsAskedFor(int bytes) {
        int params = events.next(JobShape.of("t").withParamsBytes(bytes))
                .bytes()
                .toJsonObject()
                .getJsonObject("params")
                .toBuffer()
                .length();

        assertThat((double) params).isBetween(bytes * 0.8, bytes * 1.25);
    }

    @Test
    void idsAreUniqueAndTheSameForTheSameSeed() {
        List<JobEvent> made = events.next(1_000, JobShape.of("t"));

        assertThat(made).extracting(JobEvent::id).doesNotHaveDuplicates();
        assertThat(new JobEvents(42, Clock.fixed(NOW, ZoneOffset.UTC)).next(1_000, JobShape.of("t")))
                .isEqualTo(made);
    }

    @Test
    void theShippedSampleHasEveryTypeOfTheRealEventsByteForByte() throws IOException {
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/jobs-real.ndjson"))) {
            List<Buffer> real = RealJobs.read(file);
            List<Buffer> sample = RealJobs.sample();

            assertThat(real).hasSize(996).containsAll(sample);
            assertThat(types(sample)).isEqualTo(types(real)).hasSize(24);
        }
    }

    private static Set<String> types(List<Buffer> events) {
        return events.stream()
                .map(event -> event.toJsonObject().getString("type"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
