package org.mediawiki.jobqueue.changeprop.intake;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where events must be before they are answered for. */
interface Store extends AutoCloseable {

    /**
     * Writes events in their order. May block for as long as the store needs to take them; never called on a context.
     *
     * @param wanted whether the patience of the post lasts; what has not begun to be written by its end need not be.
     *     Asked on any thread
     * @param told hears of every event exactly once, on any thread, also from within the call
     */
    void put(List<Examined.Good> events, BooleanSupplier wanted, Told told);

    /** Hears what became of an event. */
    interface Told {
        /**
         * @param index of the event in the list
         * @param fault why it is not known to be safe; empty where all in-sync replicas have it
         */
        void of(int index, Optional<String> fault);
    }

    /** Waits a little for what is under way; nothing is put any more. Blocks. */
    @Override
    void close();
}
