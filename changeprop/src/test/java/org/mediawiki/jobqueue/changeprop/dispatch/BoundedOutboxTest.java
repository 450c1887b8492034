package org.mediawiki.jobqueue.changeprop.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.OutboundEvent;
import org.mediawiki.jobqueue.changeprop.publish.Outbox.Receipt;

class BoundedOutboxTest {

    private static final long THIRD = BoundedOutbox.ROOM_BYTES / 3;

    private final FakeOutbox outbox = new FakeOutbox();
    private final List<Throwable> failures = new ArrayList<>();
    private final BoundedOutbox boundedOutbox = new BoundedOutbox(outbox, failures::add);
    private final List<String> made = new ArrayList<>();

    @Test
    void eventsAreMadeOnlyWhenThereIsRoomForThem() {
        List.of("a", "b", "c", "d", "e").forEach(topic -> send(THIRD, topic));
        assertThat(made).containsExactly("a", "b", "c");

        outbox.letters().get(1).acknowledge();
        assertThat(made).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatIsRefusedLeavesItsRoomAsWell() {
        List.of("a", "b", "c", "d").forEach(topic -> send(THIRD, topic));

        outbox.letters().get(0).refuseAsTooLarge();

        assertThat(made).endsWith("d");
    }

    @Test
    void oneThatIsLargerThanTheRoomGoesAlone() {
        send(1, "small");
        Future<Receipt> large = send(2 * BoundedOutbox.ROOM_BYTES, "large");
        send(1, "behind");
        assertThat(made).containsExactly("small");

        outbox.letters().get(0).acknowledge();
        assertThat(made).containsExactly("small", "large");

        outbox.letters().get(1).acknowledge();
        assertThat(large.result()).isEqualTo(Receipt.ACKNOWLEDGED);
        assertThat(made).containsExactly("small", "large", "behind");
    }

    @Test
    void anEventThatCannotBeMadeAfterItsWaitIsToldOfAndStopsNoOther() {
        send(BoundedOutbox.ROOM_BYTES, "large");
        NoClassDefFoundError bug = new NoClassDefFoundError("a bug");
        Future<Receipt> lost = boundedOutbox.send(1, () -> {
            throw bug;
        });
        send(1, "behind");

        outbox.letters().get(0).acknowledge();

        assertThat(failures).containsExactly(bug);
        assertThat(lost.isComplete()).as("no acknowledgement, no ending").isFalse();
        assertThat(made).containsExactly("large", "behind");
    }

    private Future<Receipt> send(long bytes, String topic) {
        return boundedOutbox.send(bytes, () -> {
            made.add(topic);
            return new OutboundEvent(topic, 0, Buffer.buffer());
        });
    }
}
