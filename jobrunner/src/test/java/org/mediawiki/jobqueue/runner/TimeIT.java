package org.mediawiki.jobqueue.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeIT {

    private final Vertx vertx = Vertx.vertx();
    private final Time time = Time.of(vertx);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** Whoever asks for the moment at which a pace admits again would otherwise find that it does not, and wait on. */
    @Test
    void noTimerFiresEarlyNotEvenByAFractionOfAMillisecond() throws Exception {
        Duration delay = Duration.ofNanos(1_999_999);
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Long> fired = new CompletableFuture<>();
            long asked = time.nanos();
            Time.Cancellation unused = time.after(delay, () -> fired.complete(time.nanos()));
            assertThat(fired.get(10, TimeUnit.SECONDS) - asked).isGreaterThanOrEqualTo(delay.toNanos());
        }
    }

    @Test
    void aCancelledTimerNeverFires() throws Exception {
        CompletableFuture<String> fired = new CompletableFuture<>();
        time.after(Duration.ofMillis(20), () -> fired.complete("cancelled")).cancel();
        Time.Cancellation unused = time.after(Duration.ofMillis(40), () -> fired.complete("kept"));
        assertThat(fired.get(10, TimeUnit.SECONDS)).isEqualTo("kept");
    }
}
