package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where what blocks for hours does so, and who hears of its end. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LongCallTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<String> threads = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** It warns of its own alone. */
    @Test
    void isMadeOnNoThreadThatVertxWatches() {
        LongCall.on("drain-main", this::tellThread, context).await();
        assertThat(threads).containsExactly("drain-main");
    }

    @Test
    void isAnsweredOnTheContext() {
        Future<Boolean> answered =
                LongCall.on("drain-main", () -> {}, context).map(ended -> Context.isOnEventLoopThread());
        assertThat(answered.await()).isTrue();
    }

    @Test
    void failsAsTheCallDoes() {
        Future<Void> failed = LongCall.on("drain-main", LongCallTest::fail, context);
        assertThatThrownBy(failed::await).hasStackTraceContaining("it fails");
    }

    private static void fail() {
        throw new IllegalStateException("it fails");
    }

    private void tellThread() {
        threads.add((Context.isOnVertxThread() ? "Vert.x': " : "")
                + Thread.currentThread().getName());
    }
}
