package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.function.Consumer;

/** What a record of the scheduled topic asks for. */
sealed interface Instruction {

    void accept(Consumer<ScheduledEvent> onWait, Consumer<Command> onCommand, Consumer<String> onUnreadable);

    record Wait(ScheduledEvent event) implements Instruction {
        @Override
        public void accept(
                Consumer<ScheduledEvent> onWait, Consumer<Command> onCommand, Consumer<String> onUnreadable) {
            onWait.accept(event);
        }
    }

    /** Do something with one that waits, if it still does. */
    record Command(Kind kind, WaitingId id) implements Instruction {

        enum Kind {
            RUN,
            DROP
        }

        @Override
        public void accept(
                Consumer<ScheduledEvent> onWait, Consumer<Command> onCommand, Consumer<String> onUnreadable) {
            onCommand.accept(this);
        }
    }

    /** Nothing of ours; {@code why} is for people. */
    record Unreadable(String why) implements Instruction {
        @Override
        public void accept(
                Consumer<ScheduledEvent> onWait, Consumer<Command> onCommand, Consumer<String> onUnreadable) {
            onUnreadable.accept(why);
        }
    }
}
