package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** What the intake makes of one event, before anything is written. */
sealed interface Examined {

    /**
     * It may be written.
     *
     * @param topic where to
     * @param value its very bytes, with what {@code meta} lacked
     */
    record Good(String topic, Buffer value) implements Examined {
        @Override
        public void accept(Consumer<Good> good, Consumer<Bad> bad) {
            good.accept(this);
        }
    }

    /** It will never be taken; {@code reason} is a line for people. */
    record Bad(String reason) implements Examined {
        @Override
        public void accept(Consumer<Good> good, Consumer<Bad> bad) {
            bad.accept(this);
        }
    }

    /** Handles both cases. */
    void accept(Consumer<Good> good, Consumer<Bad> bad);
}
