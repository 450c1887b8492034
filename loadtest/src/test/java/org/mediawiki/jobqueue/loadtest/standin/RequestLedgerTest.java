package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Ending;
import org.mediawiki.jobqueue.loadtest.standin.RecordedRequest.Wire;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;

final class RequestLedgerTest {

    private static final Wire WIRE = new Wire("/", Map.of("host", "en.wiki"), Buffer.buffer("{}"), "HTTP/2", "TLSv1.3");

    private final AtomicLong clock = new AtomicLong(1_000);
    private final RequestLedger ledger = new RequestLedger(Detail.BODIES, clock::get);

    @Test
    void countsRequestsThatAreUnderWayAtOnceByType() {
        RequestLog.Ticket first = arriveAt(0, "refreshLinks", "a");
        RequestLog.Ticket second = arriveAt(10, "cdnPurge", "b");
        endAt(20, first, 200);
        RequestLog.Ticket third = arriveAt(20, "refreshLinks", "c");
        endAt(30, second, 200);
        endAt(40, third, 200);

        assertThat(ledger.maxSimultaneous()).isEqualTo(2);
        assertThat(ledger.maxSimultaneous("refreshLinks")).isEqualTo(1);
        assertThat(ledger.maxSimultaneous("unheard of")).isZero();
    }

    @Test
    void tellsTheShareOfSlotsThatWasBusy() {
        RequestLog.Ticket early = arriveAt(0, "t", "a");
        endAt(50, early, 200);
        arriveAt(50, "t", "still under way");

        assertThat(ledger.utilisation("t", 1, 0, 100)).isEqualTo(1.0, within(1e-9));
        assertThat(ledger.utilisation("t", 2, 25, 75)).isEqualTo(0.5, within(1e-9));
        assertThatThrownBy(() -> ledger.utilisation("t", 1, 5, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsLostJobsFromThoseThatNeverSucceeded() {
        endAt(1, arriveAt(0, "t", "failed"), 500);
        endAt(2, arriveAt(1, "t", "done"), 204);
        arriveAt(3, "t", "open");

        assertThat(ledger.lost(Set.of("failed", "done", "open", "never"))).containsExactly("never");
        assertThat(ledger.notDone(Set.of("failed", "done", "open", "never")))
                .containsExactlyInAnyOrder("failed", "open", "never");
    }

    @Test
    void tellsJobsThatCameAgainFromThoseThatSucceededAgain() {
        endAt(1, arriveAt(0, "t", "retried"), 500);
        endAt(2, arriveAt(1, "t", "retried"), 200);
        endAt(3, arriveAt(2, "t", "twice"), 200);
        endAt(4, arriveAt(3, "t", "twice"), 200);
        endAt(5, arriveAt(4, "t", "once"), 200);

        assertThat(ledger.ranMoreThanOnce()).containsExactlyInAnyOrder("retried", "twice");
        assertThat(ledger.doneMoreThanOnce()).containsExactly("twice");
    }

    @Test
    void countsAttemptsAndTellsWhatLayBetweenThem() {
        arriveAt(10, "t", "a");
        arriveAt(15, "t", "b");
        RequestLog.Ticket again = arriveAt(70, "t", "a");

        assertThat(again.request().attempt()).isEqualTo(2);
        assertThat(ledger.startsOf("a")).containsExactly(10, 70);
        assertThat(ledger.intervalsOf("a")).containsExactly(Duration.ofNanos(60));
        assertThat(ledger.intervalsOf("b")).isEmpty();
        assertThat(ledger.startsOf("unheard of")).isEmpty();
    }

    @Test
    void onlyTheFirstEndCounts() {
        RequestLog.Ticket ticket = arriveAt(0, "t", "a");
        endAt(5, ticket, 200);
        endAt(9, ticket, 500);

        assertThat(ledger.inFlight()).isZero();
        assertThat(ledger.requests("a")).singleElement().satisfies(request -> {
            assertThat(request.span().endNanos()).hasValue(5);
            assertThat(request.ending()).isEqualTo(new Ending(Outcome.ANSWERED, 200));
            assertThat(request.wire().host()).isEqualTo("en.wiki");
        });
    }

    @Test
    void clearingForgetsRequestsThatAreStillUnderWay() {
        RequestLog.Ticket before = arriveAt(0, "t", "a");
        ledger.clear();
        endAt(5, before, 200);
        RequestLog.Ticket after = arriveAt(6, "t", "a");

        assertThat(ledger.count()).isEqualTo(1);
        assertThat(ledger.inFlight()).isEqualTo(1);
        assertThat(after.request().attempt()).isEqualTo(1);
    }

    @Test
    void talliesByTypeAndEnding() {
        endAt(1, arriveAt(0, "t", "a"), 200);
        endAt(2, arriveAt(0, "t", "b"), 200);
        endAt(3, arriveAt(0, "s", "c"), 503);
        arriveAt(4, "s", "d");

        assertThat(ledger.tally())
                .containsExactly(
                        new LedgerTally("s", new Ending(Outcome.OPEN, 0), 1),
                        new LedgerTally("s", new Ending(Outcome.ANSWERED, 503), 1),
                        new LedgerTally("t", new Ending(Outcome.ANSWERED, 200), 2));
    }

    @Test
    void growsBeyondItsFirstTables() {
        for (int i = 0; i < 3_000; i++) {
            endAt(i + 1, arriveAt(i, "type" + i % 7, "job" + i % 1_500), 200);
        }

        assertThat(ledger.count()).isEqualTo(3_000);
        assertThat(ledger.count("type3")).isEqualTo(429);
        assertThat(ledger.doneMoreThanOnce()).hasSize(1_500);
        assertThat(ledger.maxSimultaneous()).isEqualTo(1);
    }

    @Test
    void aLightLedgerCountsButKeepsNoRequests() {
        RequestLedger light = new RequestLedger(Detail.LIGHT, clock::get);
        light.arrived(new EventFields("t", "w", "a", "s"), "me", 2, 0, () -> {
            throw new AssertionError("a light ledger must not look at headers");
        });

        assertThat(light.count("t")).isEqualTo(1);
        assertThatThrownBy(light::requests).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wakesWhoeverWaitsForRequests() {
        RequestLedger real = new RequestLedger(Detail.LIGHT, System::nanoTime);
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> real.awaitRequests(1, Duration.ofSeconds(20)));

        RequestLog.Ticket ticket = real.arrived(new EventFields("t", "w", "a", "s"), "me", 2, 0, () -> WIRE);
        real.ended(ticket, new Ending(Outcome.ANSWERED, 200));

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20));
        real.awaitEnded(1, Duration.ZERO);
        assertThatThrownBy(() -> real.awaitRequests(2, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 requests within PT0.001S, but 1, 1 of them ended");
    }

    private RequestLog.Ticket arriveAt(long nanos, String type, String id) {
        return ledger.arrived(new EventFields(type, "enwiki", id, "mediawiki.job." + type), "me", 2, nanos, () -> WIRE);
    }

    private void endAt(long nanos, RequestLog.Ticket ticket, int status) {
        clock.set(1_000 + nanos);
        ledger.ended(ticket, new Ending(Outcome.ANSWERED, status));
    }
}
