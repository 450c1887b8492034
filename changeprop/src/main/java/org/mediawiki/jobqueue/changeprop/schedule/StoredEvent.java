package org.mediawiki.jobqueue.changeprop.schedule;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The store's value: a version (1), the reason's code, the partition, the length of the topic's name and the name, then
 * the payload.
 */
record StoredEvent(Reason reason, String topic, int partition, Buffer payload) {

    private static final byte VERSION = 1;
    private static final int FIXED = 1 + 1 + Integer.BYTES + Short.BYTES;

    static StoredEvent of(ScheduledEvent event) {
        return new StoredEvent(event.reason(), event.topic(), event.partition(), event.value());
    }

    static StoredEvent of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        Reason reason = Reason.of(in.get())
                .filter(known -> version == VERSION)
                .orElseThrow(() ->
                        new IllegalStateException("the store was written by a later release: version " + version));
        int partition = in.getInt();
        byte[] topic = new byte[in.getShort()];
        in.get(topic);
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return new StoredEvent(reason, new String(topic, StandardCharsets.UTF_8), partition, Buffer.buffer(payload));
    }

    byte[] bytes() {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED + name.length + payload.length())
                .put(VERSION)
                .put(reason.code())
                .putInt(partition)
                .putShort((short) name.length)
                .put(name)
                .put(payload.getBytes())
                .array();
    }
}
