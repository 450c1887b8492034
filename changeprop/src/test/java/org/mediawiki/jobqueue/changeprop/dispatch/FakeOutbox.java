package org.mediawiki.jobqueue.changeprop.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mediawiki.jobqueue.changeprop.publish.Outbox;

/** An outbox that acknowledges when it is told to. */
final class FakeOutbox implements Outbox {

    private final List<Letter> letters = new ArrayList<>();
    private final Set<String> announced = new HashSet<>();
    private boolean broken;

    /** An event that waits for its acknowledgement. */
    record Letter(OutboundEvent event, Promise<Receipt> promise) {

        void acknowledge() {
            promise.complete(Receipt.ACKNOWLEDGED);
        }

        void refuseAsTooLarge() {
            promise.complete(Receipt.TOO_LARGE);
        }
    }

    @Override
    public Future<Receipt> send(OutboundEvent event) {
        if (broken) {
            throw new IllegalStateException("a bug of the outbox");
        }
        Promise<Receipt> promise = Promise.promise();
        letters.add(new Letter(event, promise));
        return promise.future();
    }

    @Override
    public void announce(String topic) {
        announced.add(topic);
    }

    /** It throws from here on, which an outbox should not. */
    void breakDown() {
        broken = true;
    }

    /** The topics that others will write to. */
    Set<String> announced() {
        return announced;
    }

    List<Letter> letters() {
        return letters;
    }
}
