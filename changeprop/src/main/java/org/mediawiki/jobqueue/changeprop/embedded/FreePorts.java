package org.mediawiki.jobqueue.changeprop.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Finds ports on the loopback interface that nobody listens on.
 *
 * <p>They lie below the range that systems hand to outgoing connections (from 32768 on Linux, from 49152 elsewhere): a
 * port from that range may be taken by any client between the look and the use, or while its server is stopped.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int BEYOND = 32_000;
    private static final int MOST_TRIES = 1_000;

    private final Random random;

    public FreePorts(Random random) {
        this.random = random;
    }

    /** Different free ports, free at the time of the look. */
    public List<Integer> find(int count) {
        Set<Integer> found = new LinkedHashSet<>();
        for (int tries = 0; found.size() < count; tries++) {
            if (tries == MOST_TRIES) {
                throw new IllegalStateException("no " + count + " free ports from " + FIRST + " to " + BEYOND);
            }
            int port = FIRST + random.nextInt(BEYOND - FIRST);
            if (isFree(port)) {
                found.add(port);
            }
        }
        return new ArrayList<>(found);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
