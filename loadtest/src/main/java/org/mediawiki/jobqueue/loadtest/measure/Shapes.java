package org.mediawiki.jobqueue.loadtest.measure;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Random;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.scenario.LoadSpec;

/** The jobs of a stream, as its scenario wants them; the same random numbers and clock give the same. Used by one thread. */
final class Shapes {

    private static final int SHA1_BYTES = 20;

    private final LoadSpec stream;
    private final Random random;
    private final Clock clock;
    private final Roots roots;

    Shapes(LoadSpec stream, Random random, Clock clock) {
        this.stream = stream;
        this.random = random;
        this.clock = clock;
        this.roots = new Roots(() -> hash(random), clock);
    }

    /** The one of that number; types come in turn. Numbers are asked for in order. */
    JobShape of(long number) {
        String type = stream.types().get((int) (number % stream.types().size()));
        int wiki = random.nextInt(stream.wikis());
        JobShape shape = JobShape.of(type)
                .withWiki("wiki" + wiki, "wiki" + wiki + ".test")
                .withParamsBytes(stream.params().drawBytes(random));
        return withRoot(withSha1(withDelay(shape)));
    }

    private JobShape withDelay(JobShape shape) {
        if (!isDrawn(stream.delayed())) {
            return shape;
        }
        long millis = (long) (random.nextDouble() * stream.delayUpTo().toMillis());
        Instant due = clock.instant().plusMillis(millis).truncatedTo(ChronoUnit.SECONDS);
        return shape.withDelayUntil(due);
    }

    /** Never the same: of two that have the same, one is a duplicate and need not run. */
    private JobShape withSha1(JobShape shape) {
        return isDrawn(stream.sha1()) ? shape.withSha1(hash(random)) : shape;
    }

    private JobShape withRoot(JobShape shape) {
        if (!isDrawn(stream.roots())) {
            return shape;
        }
        JobShape.RootEvent root = roots.next();
        return shape.withRoot(root.signature(), root.at());
    }

    private boolean isDrawn(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    private static String hash(Random random) {
        byte[] drawn = new byte[SHA1_BYTES];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
