package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A TCP server that says what it likes, when it likes: the runner that breaks the protocol. */
final class RawServer {

    final AtomicInteger requests = new AtomicInteger();

    private final NetServer server;

    /** @param onRequest called for every piece that arrives, with how many came on the connection so far, from 1 */
    RawServer(Vertx vertx, BiConsumer<NetSocket, Integer> onRequest) {
        this.server = vertx.createNetServer().connectHandler(socket -> {
            AtomicInteger pieces = new AtomicInteger();
            socket.exceptionHandler(reset -> {});
            socket.handler(piece -> {
                requests.incrementAndGet();
                onRequest.accept(socket, pieces.incrementAndGet());
            });
        });
        SendingContext.await(server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture());
    }

    int port() {
        return server.actualPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    TargetSettings settings() {
        return TargetSettings.of("test", uri(), 10);
    }
}
