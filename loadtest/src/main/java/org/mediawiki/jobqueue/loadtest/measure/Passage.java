package org.mediawiki.jobqueue.loadtest.measure;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;

/**
 * What an instance's bytes pass through on their way to the brokers and back. {@linkplain #cut Cut}, it is silent in both
 * directions, as a network that drops packets: connections stay, new ones are taken, and nothing is heard. When it is
 * {@linkplain #mend mended}, what was under way arrives.
 *
 * <p>Its methods block, and may be called on any thread but its own.
 */
final class Passage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final EmbeddedKafkaOptions.Listener listener;

    /** Of the context that everything is done on. */
    private final Set<NetSocket> sockets = new HashSet<>();

    private final Context context;
    private final NetClient client;
    private final List<NetServer> servers = new ArrayList<>();
    private boolean cut;

    /** {@code name} is the Kafka listener's: upper-case letters, digits and {@code _}. */
    Passage(Vertx vertx, String name, int brokers) {
        this.vertx = vertx;
        List<Integer> free = new FreePorts(new SecureRandom()).find(2 * brokers);
        this.listener =
                new EmbeddedKafkaOptions.Listener(name, free.subList(0, brokers), free.subList(brokers, 2 * brokers));
        this.context = vertx.getOrCreateContext();
        this.client = vertx.createNetClient();
    }

    /** What the brokers need for it. */
    EmbeddedKafkaOptions.Listener listener() {
        return listener;
    }

    /** Where the instance connects to. */
    String bootstrapServers() {
        return listener.advertisedPorts().stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    /** Opens it. */
    void open() {
        await(onContext(() -> Future.all(IntStream.range(0, listener.ports().size())
                .mapToObj(broker -> listen(
                        listener.advertisedPorts().get(broker), listener.ports().get(broker)))
                .toList())));
    }

    /** Nothing comes through any more. */
    void cut() {
        await(onContext(() -> {
            cut = true;
            sockets.forEach(NetSocket::pause);
            return Future.succeededFuture();
        }));
    }

    /** Everything comes through again. */
    void mend() {
        await(onContext(() -> {
            cut = false;
            sockets.forEach(NetSocket::resume);
            return Future.succeededFuture();
        }));
    }

    @Override
    public void close() {
        await(onContext(() ->
                Future.all(servers.stream().map(NetServer::close).toList()).eventually(client::close)));
    }

    private Future<?> listen(int from, int to) {
        NetServer server = vertx.createNetServer().connectHandler(near -> accepted(near, to));
        servers.add(server);
        return server.listen(from, "127.0.0.1");
    }

    private void accepted(NetSocket near, int to) {
        near.pause();
        client.connect(to, "127.0.0.1").onFailure(refused -> near.close()).onSuccess(far -> {
            join(near, far);
            join(far, near);
            if (cut) {
                far.pause();
            } else {
                near.resume();
            }
        });
    }

    private void join(NetSocket from, NetSocket to) {
        sockets.add(from);
        from.exceptionHandler(broken -> {});
        from.handler(bytes -> {
            to.write(bytes);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(ignored -> {
                    if (!cut) {
                        from.resume();
                    }
                });
            }
        });
        from.closeHandler(ignored -> {
            sockets.remove(from);
            to.close();
        });
    }

    private interface Act {
        Future<?> act();
    }

    private Future<?> onContext(Act act) {
        return Future.future(promise -> context.runOnContext(
                ignored -> act.act().onSuccess(done -> promise.complete()).onFailure(promise::fail)));
    }

    private static void await(Future<?> future) {
        try {
            future.await(PATIENCE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the way to the brokers cannot be changed", e);
        }
    }
}
