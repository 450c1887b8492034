package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mediawiki.jobqueue.runner.breaker.BreakerState;

/** What is seen of lanes of which one stands still. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LaneLooksTest {

    private static final Future<LaneLook> NEVER = Promise.<LaneLook>promise().future();

    private final AtomicReference<Future<LaneLook>> main = new AtomicReference<>();
    private final AtomicReference<Future<LaneLook>> video = new AtomicReference<>();
    private final LaneLooks looks =
            new LaneLooks(Map.of("main", main::get, "video", video::get), Duration.ofMillis(50));

    @Test
    void aLaneThatDoesNotAnswerIsSeenAsItWasAndTheOthersAsTheyAre() {
        main.set(Future.succeededFuture(look(1)));
        video.set(Future.succeededFuture(look(2)));
        assertThat(looks.all().await()).isEqualTo(Map.of("main", look(1), "video", look(2)));

        main.set(NEVER);
        video.set(Future.succeededFuture(look(3)));

        assertThat(looks.all().await()).isEqualTo(Map.of("main", look(1), "video", look(3)));
    }

    @Test
    void ofALaneThatHasNeverAnsweredNothingIsSeen() {
        main.set(NEVER);
        video.set(Future.failedFuture("it cannot say"));

        assertThat(looks.all().await()).isEmpty();
    }

    private static LaneLook look(int running) {
        BreakerState closed =
                new BreakerState(BreakerState.Phase.CLOSED, "", Instant.EPOCH, List.of(), Map.of(), Map.of());
        return new LaneLook(closed, Map.of(), running);
    }
}
