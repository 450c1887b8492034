package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;

/** A name with several addresses: all of them work, and one that does not is no outage. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 is not on loopback by itself")
class HttpTargetAddressesIT {

    private static final String ONE = "127.0.0.1";
    private static final String TWO = "127.0.0.2";
    private static final String THREE = "127.0.0.3";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final SteppedTime time = new SteppedTime();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final List<FullServer> hanging = new ArrayList<>();

    private Vertx dnsVertx;
    private Vertx vertx;
    private int port;

    @BeforeEach
    void open() {
        dnsVertx = Vertx.vertx();
        LoopbackDns dns = new LoopbackDns(dnsVertx, ONE, TWO, THREE);
        vertx = Vertx.vertx(new VertxOptions().setAddressResolverOptions(dns.asked(HttpTarget.nameResolution())));
    }

    @AfterEach
    void close() throws IOException {
        for (FullServer server : hanging) {
            server.close();
        }
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
        SendingContext.await(dnsVertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void allAddressesAreUsedEvenlyByOneJobAfterTheOther() {
        List.of(ONE, TWO, THREE).forEach(this::listen);
        sendOneByOne(sender(), 30);
        assertThat(requests.values())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count).hasValue(10));
    }

    @Test
    void allAddressesAreUsedEvenlyByABusyLane() {
        List.of(ONE, TWO, THREE).forEach(this::listen);
        sendAtOnce(sender(), 3_000);
        assertThat(requests.values())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count.get()).isBetween(900, 1_100));
    }

    @Test
    void whereOneAddressRefusesTheOthersAreUsedEvenlyAndNoJobFails() {
        List.of(ONE, THREE).forEach(this::listen);
        sendAtOnce(sender(), 2_000);
        assertThat(requests).containsOnlyKeys(ONE, THREE);
        assertThat(requests.values())
                .allSatisfy(count -> assertThat(count.get()).isBetween(800, 1_200));
    }

    @Test
    void whereOneAddressHangsTheOthersAreUsedAndNoJobFails() throws IOException {
        List.of(ONE, THREE).forEach(this::listen);
        hangAt(TWO);
        sendAtOnce(sender(), 500);
        assertThat(requests).containsOnlyKeys(ONE, THREE);
    }

    @Test
    void anAddressThatHangsIsNotFoundOutAnewByEveryClient() throws IOException {
        List.of(ONE, THREE).forEach(this::listen);
        hangAt(TWO);
        SendingContext sender = sender();
        long start = System.nanoTime();
        for (int client = 0; client < 5; client++) {
            sendOneByOne(sender, 3);
            time.advance(MAX_AGE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CONNECT_TIMEOUT.multipliedBy(2));
    }

    @Test
    void anAddressThatIsBackIsUsedAgain() {
        listen(ONE);
        listen(TWO);
        SendingContext sender = sender();
        sendOneByOne(sender, 12);
        assertThat(requests).containsOnlyKeys(ONE, TWO);
        listen(THREE);
        time.advance(Addresses.SUSPICION);
        requests.clear();
        sendOneByOne(sender, 12);
        assertThat(requests.values())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count).hasValue(4));
    }

    @Test
    void anAddressThatFailedIsTriedAgainByOneRequestOnly() throws IOException {
        List.of(ONE, TWO).forEach(this::listen);
        SendingContext sender = sender();
        sendOneByOne(sender, 3);
        hangAt(THREE);
        time.advance(Addresses.SUSPICION);
        List<CompletableFuture<Attempt>> attempts = IntStream.range(0, 10)
                .mapToObj(i -> sender.start(SendingContext.job(), SendingContext.TIMEOUT))
                .toList();
        await().atMost(CONNECT_TIMEOUT.dividedBy(2))
                .until(() -> attempts.stream().filter(Future::isDone).count() == 9);
        attempts.forEach(attempt -> assertThat(SendingContext.await(attempt)).isInstanceOf(Answered.class));
    }

    @Test
    void whereAllAddressesRefuseItIsNotSent() {
        assertThat(sender().send(SendingContext.job()))
                .isEqualTo(new NotSent("connection refused by runner.test:" + port));
    }

    /** Whoever connects there hears nothing. */
    private void hangAt(String address) throws IOException {
        hanging.add(new FullServer(address, port));
    }

    private void sendOneByOne(SendingContext sender, int jobs) {
        for (int i = 0; i < jobs; i++) {
            assertThat(sender.send(SendingContext.job())).isInstanceOf(Answered.class);
        }
    }

    /** Fails where one of them is not answered. */
    private static void sendAtOnce(SendingContext sender, int jobs) {
        AtomicInteger left = new AtomicInteger(jobs);
        List<CompletableFuture<Void>> loops = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            loops.add(sender.sendOneAfterTheOther(SendingContext.job(), left));
        }
        loops.forEach(SendingContext::await);
    }

    private SendingContext sender() {
        if (port == 0) {
            port = unusedPort();
        }
        URI uri = URI.create("http://runner.test:" + port + "/");
        return new SendingContext(
                vertx,
                TargetSettings.of("test", uri, 10)
                        .with(Connections.atMost(10)
                                .withConnectTimeout(CONNECT_TIMEOUT)
                                .withMaxAge(MAX_AGE)),
                time);
    }

    private static int unusedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HttpServer listen(String address) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            requests.computeIfAbsent(address, none -> new AtomicInteger()).incrementAndGet();
            request.response().end();
        });
        SendingContext.await(server.listen(port, address).toCompletionStage().toCompletableFuture());
        port = server.actualPort();
        return server;
    }
}
