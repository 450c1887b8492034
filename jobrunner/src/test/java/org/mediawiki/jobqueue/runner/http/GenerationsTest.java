package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.runner.FakeTime;

/** When clients are opened and closed. */
class GenerationsTest {

    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final RequestOptions OPTIONS = new RequestOptions();

    private final FakeTime time = new FakeTime();
    private final Generations generations = new Generations(addresses -> client(), MAX_AGE, time);
    private int opened;
    private int closed;

    @Test
    void whatIsNotUsedHasNeitherAClientNorATimer() {
        time.advance(Duration.ofDays(1));
        assertThat(opened).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aClientIsClosedAMinuteAfterItsLastRequestAndLeavesNoTimer() {
        begin().release();
        time.advance(Duration.ofSeconds(50));
        begin().release();
        time.advance(Generations.IDLE.minusNanos(1));
        assertThat(open()).isEqualTo(1);
        time.advance(Duration.ofNanos(1));
        assertThat(open()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aClientIsOpenedAgainWhenItIsNeeded() {
        begin().release();
        time.advance(Generations.IDLE);
        begin().release();
        assertThat(opened).isEqualTo(2);
        time.advance(Generations.IDLE);
        assertThat(open()).isZero();
    }

    @Test
    void otherSettingsHoldForTheNextRequestAndNotForThoseUnderWay() {
        Generation before = begin();
        int[] others = new int[1];
        generations.reconfigure(
                addresses -> {
                    others[0]++;
                    return client();
                },
                MAX_AGE.dividedBy(5));
        begin().release();
        assertThat(others[0]).isEqualTo(1);
        assertThat(open()).as("the first is still in use").isEqualTo(2);
        before.release();
        assertThat(open()).isEqualTo(1);
        time.advance(MAX_AGE.dividedBy(5).minusSeconds(30));
        begin().release();
        time.advance(Duration.ofSeconds(30));
        begin().release();
        assertThat(others[0]).as("they are replaced by the new age").isEqualTo(2);
    }

    @Test
    void aRequestOfHoursKeepsItsClientOpen() {
        Generation hours = begin();
        time.advance(Duration.ofHours(24));
        assertThat(open()).isEqualTo(1);
        hours.release();
        time.advance(Generations.IDLE);
        assertThat(open()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aClientThatLeadsNowhereIsReplacedButNotForEachProbe() {
        for (int probe = 0; probe < 60; probe++) {
            Generation generation = begin();
            generation.release();
            generations.leadsNowhere(generation);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(opened).isBetween(15, 30);
        assertThat(open()).isLessThanOrEqualTo(1);
    }

    @Test
    void oneThatWasReplacedLongAgoCannotReplaceItsSuccessor() {
        Generation old = begin();
        time.advance(MAX_AGE);
        begin().release();
        time.advance(Generations.LEAST_AGE);
        generations.leadsNowhere(old);
        assertThat(opened).isEqualTo(2);
        assertThat(generations.current()).isNotSameAs(old);
        begin().release();
        assertThat(opened).isEqualTo(2);
    }

    /** Whatever comes: an old client is open only for requests of its own, so never more than run. */
    @Test
    void neverMoreClientsAreOpenThanRequestsRunAndOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Deque<Generation> running = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> running.addLast(begin());
                case 1 -> time.advance(Duration.ofSeconds(random.nextInt(900)));
                case 2 -> {
                    if (!running.isEmpty()) {
                        generations.leadsNowhere(running.peekLast());
                    }
                }
                default -> {
                    Generation ending = random.nextBoolean() ? running.pollFirst() : running.pollLast();
                    if (ending != null) {
                        ending.release();
                    }
                }
            }
            assertThat(open()).as("step %d, seed %d", step, seed).isLessThanOrEqualTo(running.size() + 1);
        }
        running.forEach(Generation::release);
        time.advance(Generations.IDLE);
        assertThat(open()).as("seed %d", seed).isZero();
        assertThat(time.timers()).as("seed %d", seed).isZero();
    }

    @Test
    void nothingIsOpenedOnceClosed() {
        begin();
        generations.close();
        assertThat(generations.current().request(OPTIONS).failed()).isTrue();
        time.advance(Duration.ofDays(1));
        assertThat(generations.current().request(OPTIONS).failed()).isTrue();
        assertThat(opened).isEqualTo(1);
        assertThat(time.timers()).isZero();
    }

    private Generation begin() {
        Generation generation = generations.current();
        Future<HttpClientRequest> connecting = generation.request(OPTIONS);
        assertThat(connecting.failed()).isFalse();
        return generation;
    }

    private int open() {
        return opened - closed;
    }

    /** Never answers; its requests are under way for as long as the test does not release them. */
    private HttpClient client() {
        opened++;
        return (HttpClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed++;
                        return Future.succeededFuture();
                    }
                    return Promise.promise().future();
                });
    }
}
