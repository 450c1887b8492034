package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes connections as Redis does, answers their greeting or not even that, and then says nothing any more. */
final class Impostor implements AutoCloseable {

    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();

    private final NetServer server;

    /** @param greeting what a {@code ping} is answered with */
    Impostor(Vertx vertx, String greeting) {
        this.server = vertx.createNetServer().connectHandler(socket -> accept(socket, greeting));
        OnItsContext.result(server.listen(0, "127.0.0.1"));
    }

    URI uri() {
        return URI.create("redis://127.0.0.1:" + server.actualPort());
    }

    @Override
    public void close() {
        OnItsContext.result(server.close());
    }

    private void accept(NetSocket socket, String greeting) {
        accepted.incrementAndGet();
        open.incrementAndGet();
        socket.closeHandler(closed -> open.decrementAndGet());
        socket.exceptionHandler(reset -> {});
        socket.handler(piece -> {
            if (!greeting.isEmpty() && piece.toString().contains("ping")) {
                socket.write(greeting);
            }
        });
    }
}
