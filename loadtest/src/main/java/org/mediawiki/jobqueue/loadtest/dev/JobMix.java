package org.mediawiki.jobqueue.loadtest.dev;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.generate.RealJobs;

/**
 * New jobs that look like the shipped sample of real ones: their types, wikis, sizes and delays, as often as they are
 * in the sample. Not safe for use by several threads.
 */
final class JobMix {

    private final List<Pattern> patterns;
    private final JobEvents events;
    private final Random random;
    private final Clock clock;

    private JobMix(List<Pattern> patterns, long seed, Clock clock) {
        this.patterns = patterns;
        this.events = new JobEvents(seed, clock);
        this.random = new Random(seed);
        this.clock = clock;
    }

    /**
     * @throws IOException if the sample cannot be read
     */
    static JobMix ofRealJobs(long seed, Clock clock) throws IOException {
        return new JobMix(RealJobs.sample().stream().map(Pattern::of).toList(), seed, clock);
    }

    JobEvent next() {
        return events.next(patterns.get(random.nextInt(patterns.size())).shapeAt(clock.instant()));
    }

    /** What is taken over from a real job. */
    private record Pattern(JobShape shape, Optional<Duration> delay, Optional<String> root) {

        static Pattern of(Buffer bytes) {
            JsonObject event = bytes.toJsonObject();
            JsonObject meta = event.getJsonObject("meta");
            int paramsBytes =
                    event.getJsonObject("params", new JsonObject()).toBuffer().length();
            Instant created = meta.getInstant("dt");
            return new Pattern(
                    JobShape.of(event.getString("type"))
                            .withWiki(event.getString("database"), meta.getString("domain"))
                            .withParamsBytes(paramsBytes),
                    Optional.ofNullable(event.getInstant("delay_until")).map(due -> Duration.between(created, due)),
                    Optional.ofNullable(event.getJsonObject("root_event")).map(root -> root.getString("signature")));
        }

        JobShape shapeAt(Instant now) {
            JobShape delayed =
                    delay.map(wait -> shape.withDelayUntil(now.plus(wait))).orElse(shape);
            return root.map(signature -> delayed.withRoot(signature, now)).orElse(delayed);
        }
    }
}
