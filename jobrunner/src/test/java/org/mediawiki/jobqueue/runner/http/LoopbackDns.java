package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.dns.AddressResolverOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server (RFC 1035) that gives every name the addresses which the test says, to be believed for an hour. */
final class LoopbackDns {

    private static final int HEADER_BYTES = 12;
    private static final int TYPE_A = 1;
    private static final int HOUR_SECONDS = 3600;

    final AtomicInteger queries = new AtomicInteger();

    private final DatagramSocket socket;
    private volatile List<String> addresses;

    LoopbackDns(Vertx vertx, String... addresses) {
        this.addresses = List.of(addresses);
        this.socket = vertx.createDatagramSocket();
        socket.handler(this::answer);
        SendingContext.await(socket.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture());
    }

    void moveTo(String... others) {
        addresses = List.of(others);
    }

    /** Makes a Vert.x ask this server and no other. */
    AddressResolverOptions asked(AddressResolverOptions options) {
        return options.addServer("127.0.0.1:" + socket.localAddress().port());
    }

    private void answer(DatagramPacket query) {
        queries.incrementAndGet();
        Buffer asked = query.data();
        int end = HEADER_BYTES;
        while (asked.getByte(end) != 0) {
            end += 1 + asked.getByte(end);
        }
        int type = asked.getUnsignedShort(end + 1);
        List<String> found = type == TYPE_A ? addresses : List.of();
        Buffer answer = Buffer.buffer()
                .appendBuffer(asked.getBuffer(0, 2))
                .appendUnsignedShort(0x8180)
                .appendUnsignedShort(1)
                .appendUnsignedShort(found.size())
                .appendUnsignedShort(0)
                .appendUnsignedShort(0)
                .appendBuffer(asked.getBuffer(HEADER_BYTES, end + 5));
        found.forEach(address -> appendRecord(answer, address));
        socket.send(answer, query.sender().port(), query.sender().host());
    }

    private static void appendRecord(Buffer answer, String address) {
        answer.appendUnsignedShort(0xc000 + HEADER_BYTES)
                .appendUnsignedShort(TYPE_A)
                .appendUnsignedShort(1)
                .appendInt(HOUR_SECONDS)
                .appendUnsignedShort(4);
        for (String part : address.split("\\.", -1)) {
            answer.appendByte((byte) Integer.parseInt(part));
        }
    }
}
