package org.mediawiki.jobqueue.runner.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mediawiki.jobqueue.runner.Attempt;

/** What the kernel does with a connection that is silent for hours, as Linux tells it. */
@EnabledOnOs(OS.LINUX)
class TcpKeepAliveIT {

    private static final String KEEP_ALIVE_TIMER = "02";

    private Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() {
        SendingContext.await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @Test
    void aSilentConnectionIsAskedForWithinAMinute() {
        List<HttpServerRequest> silent = new CopyOnWriteArrayList<>();
        TestRunner runner = new TestRunner(vertx, silent::add);
        CompletableFuture<Attempt> transcode =
                new SendingContext(vertx, runner.settings()).start(SendingContext.job(), SendingContext.TIMEOUT);
        await().atMost(10, SECONDS).until(() -> silent.size() == 1);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(probesAreDue(silent.get(0))).containsExactly(true));
        silent.get(0).response().end();
        SendingContext.await(transcode);
    }

    @Test
    void aPeerThatVanishedIsNoticedWithinMinutes() throws Exception {
        TestRunner runner = new TestRunner(vertx, request -> request.response().end());
        ClientFactory clients = new ClientFactory(vertx, runner.settings());
        HttpClient client = clients.open(new Addresses(System::nanoTime));
        HttpClientRequest request = SendingContext.await(client.request(new RequestForm(runner.settings()).options())
                .toCompletionStage()
                .toCompletableFuture());
        Channel channel = ((HttpClientConnection) request.connection())
                .channelHandlerContext()
                .channel();
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)))
                .isEqualTo(60);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)))
                .isEqualTo(15);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT)))
                .isEqualTo(4);
        assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
    }

    /** There, Vert.x does it itself; this project brings no native transport, but whoever runs it may. */
    @Test
    void aNativeTransportIsToldTheSame() {
        HttpClientOptions options = new HttpClientOptions();
        TcpKeepAlive.configure(options);
        assertThat(options.isTcpKeepAlive()).isTrue();
        assertThat(options.getTcpKeepAliveIdleSeconds()).isEqualTo(60);
        assertThat(options.getTcpKeepAliveIntervalSeconds()).isEqualTo(15);
        assertThat(options.getTcpKeepAliveCount()).isEqualTo(4);
        assertThat(options.getTcpUserTimeout()).isEqualTo(120_000);
    }

    /**
     * Whether a probe is due within {@link TcpKeepAlive#IDLE_SECONDS} at the client's end of the request's connection,
     * which both of its ports name: a port alone may be another socket's as well.
     */
    private static List<Boolean> probesAreDue(HttpServerRequest request) throws IOException {
        String ours = hex(request.remoteAddress());
        String theirs = hex(request.localAddress());
        try (Stream<String> four = Files.lines(Path.of("/proc/net/tcp"));
                Stream<String> six = Files.lines(Path.of("/proc/net/tcp6"))) {
            return Stream.concat(four, six)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(socket -> socket[1].endsWith(ours) && socket[2].endsWith(theirs))
                    .map(socket -> socket[5].split(":", -1))
                    .map(timer -> timer[0].equals(KEEP_ALIVE_TIMER)
                            && Long.parseLong(timer[1], 16) <= 100L * TcpKeepAlive.IDLE_SECONDS)
                    .toList();
        }
    }

    private static String hex(SocketAddress address) {
        return String.format(Locale.ROOT, ":%04X", address.port());
    }
}
