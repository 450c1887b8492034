package org.mediawiki.jobqueue.changeprop.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.admin.api.ThisInstance.Peer;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the admin ports of the fleet are: each instance says so every few seconds in the topic of operations, as long as
 * it lives. Any thread.
 */
final class Neighbours {

    /** How the keys begin. */
    static final String PREFIX = "instance/";

    private static final Duration INTERVAL = Duration.ofSeconds(3);

    /** Who is not heard of for so long, by the clock of whoever reads, is gone. */
    private static final Duration LAPSE = Duration.ofSeconds(15);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

    private final String self;
    private final Time time;
    private final BiFunction<String, byte @Nullable [], CompletableFuture<Void>> write;
    private final Map<String, Heard> heard = new ConcurrentSkipListMap<>();

    /** Of whoever starts and stops it. */
    private volatile Time.Cancellation timer = Time.Cancellation.NONE;

    private volatile boolean stopped;

    private record Heard(URI admin, Instant at) {}

    /** {@code write} is that of the topic of operations. */
    Neighbours(String self, Time time, BiFunction<String, byte @Nullable [], CompletableFuture<Void>> write) {
        this.self = self;
        this.time = time;
        this.write = write;
    }

    /** The address that others reach a port at which listens on {@code host}. */
    static URI addressOf(String host, int port) {
        boolean isEvery = host.equals("0.0.0.0") || host.equals("::");
        String name = isEvery ? ownAddress() : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port);
    }

    /** Begins to be heard. */
    void start(URI admin) {
        byte[] value =
                ("{\"admin\":\"" + admin + "\",\"at\":\"" + time.instant() + "\"}").getBytes(StandardCharsets.UTF_8);
        var unused = write.apply(PREFIX + self, value).exceptionally(failure -> {
            LOG.debug("Others do not hear of us for now", failure);
            return null;
        });
        if (!stopped) {
            timer = time.after(INTERVAL, () -> start(admin));
        }
    }

    /** Says that this instance is gone. */
    void stop() {
        stopped = true;
        timer.cancel();
        var unused = write.apply(PREFIX + self, null);
    }

    /** A record of the topic was read. */
    void told(String key, byte @Nullable [] value) {
        String name = key.substring(PREFIX.length());
        if (value == null) {
            heard.remove(name);
            return;
        }
        try {
            JsonNode json = JSON.readTree(value);
            heard.put(
                    name,
                    new Heard(
                            URI.create(json.path("admin").asText()),
                            Instant.parse(json.path("at").asText())));
        } catch (IOException | IllegalArgumentException | DateTimeException ofALaterVersion) {
            heard.remove(name);
        }
    }

    /** The others that are alive. */
    List<Peer> others() {
        Instant oldest = time.instant().minus(LAPSE);
        heard.values().removeIf(one -> one.at().isBefore(oldest));
        return heard.entrySet().stream()
                .filter(one -> !one.getKey().equals(self))
                .map(one -> new Peer(one.getKey(), one.getValue().admin()))
                .toList();
    }

    private static String ownAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
