package org.mediawiki.jobqueue.loadtest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import redis.embedded.RedisServer;

/** A real Redis on a port of its own, which can be killed and started again, empty. */
final class RedisProcess implements AutoCloseable {

    private final int port = new FreePorts(new Random()).find(1).get(0);
    private RedisServer server = started();

    URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    void kill() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void startAgain() {
        server = started();
    }

    @Override
    public void close() {
        kill();
    }

    private RedisServer started() {
        try {
            List<String> command = RedisServer.newRedisServer()
                    .port(port)
                    .setting("save \"\"")
                    .setting("appendonly no")
                    .buildCommandArgs();
            RedisServer starting = new RedisServer(port, command, true);
            starting.start();
            return starting;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
