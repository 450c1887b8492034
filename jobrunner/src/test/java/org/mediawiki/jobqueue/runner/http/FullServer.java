package org.mediawiki.jobqueue.runner.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A listener whose backlog is full: on Linux, who connects now hears nothing at all, as from a host that is gone. */
final class FullServer implements AutoCloseable {

    private final ServerSocket socket;
    private final List<SocketChannel> queued = new ArrayList<>();

    FullServer(String address, int port) throws IOException {
        this.socket = new ServerSocket(port, 1, InetAddress.getByName(address));
        for (int i = 0; i < 4; i++) {
            SocketChannel one = SocketChannel.open();
            one.configureBlocking(false);
            one.connect(new InetSocketAddress(address, port));
            queued.add(one);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel one : queued) {
            one.close();
        }
        socket.close();
    }
}
