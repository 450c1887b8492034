package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What clients see of a name whose address changes: new connections go to the present place, old ones stay where they
 * are until somebody closes them. Bytes pass unseen, so TLS is the client's and the place's own.
 */
final class DiscoveryName implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    /** Held: a client that nobody refers to closes its connections. */
    private final NetClient client = vertx.createNetClient();

    private final NetServer server;
    /** Written by the test, read by the event loop. */
    private volatile int port;

    DiscoveryName(URI place) {
        this.port = place.getPort();
        this.server = get(vertx.createNetServer().connectHandler(this::connect).listen(0, "127.0.0.1"));
    }

    void moveTo(URI place) {
        port = place.getPort();
    }

    /** The URI of a place, with the name in place of its address. */
    URI in(URI place) {
        return URI.create("https://localhost:" + server.actualPort() + place.getPath());
    }

    private void connect(NetSocket caller) {
        caller.pause();
        client.connect(port, "localhost")
                .onSuccess(place -> {
                    caller.pipeTo(place);
                    place.pipeTo(caller);
                })
                .onFailure(refused -> caller.close());
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.await(TestBed.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        get(vertx.close());
    }
}
