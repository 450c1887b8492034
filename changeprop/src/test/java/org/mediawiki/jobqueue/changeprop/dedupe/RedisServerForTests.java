package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A real Redis on a free port of the loopback interface; keeps nothing on disk, so that killed means empty. */
final class RedisServerForTests implements AutoCloseable {

    private final int port = new FreePorts(new Random()).find(1).get(0);
    private final List<String> command;
    private RedisServer server;

    private RedisServerForTests(String... settings) {
        RedisServerBuilder builder =
                RedisServer.newRedisServer().port(port).setting("save \"\"").setting("appendonly no");
        for (String setting : settings) {
            builder.setting(setting);
        }
        try {
            command = builder.buildCommandArgs();
            server = start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs when this returns. */
    static RedisServerForTests start(String... settings) {
        return new RedisServerForTests(settings);
    }

    URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    URI uri(String password) {
        return URI.create("redis://:" + password + "@127.0.0.1:" + port + "/0");
    }

    /** With SIGKILL; gone when this returns. */
    void kill() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> !listens());
    }

    /** On the same port, with nothing in it. */
    void restart() {
        try {
            server = start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private RedisServer start() throws IOException {
        RedisServer starting = new RedisServer(port, command, true);
        starting.start();
        return starting;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
