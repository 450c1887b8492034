package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What an event does. In a scenario's file each kind has a key of its own. */
public sealed interface Disturbance {

    /** {@code kill -9} of an instance; key {@code kill}. */
    record Kill(int instance) implements OfInstance {
        @Override
        public boolean lasts() {
            return false;
        }

        @Override
        public void match(Cases cases) {
            cases.kill(instance);
        }
    }

    /** SIGTERM to an instance; key {@code stop}. */
    record Stop(int instance) implements OfInstance {
        @Override
        public boolean lasts() {
            return false;
        }

        @Override
        public void match(Cases cases) {
            cases.stop(instance);
        }
    }

    /** Starts an instance (again); key {@code start}. */
    record Start(int instance) implements OfInstance {
        @Override
        public boolean lasts() {
            return false;
        }

        @Override
        public void match(Cases cases) {
            cases.start(instance);
        }
    }

    /** SIGSTOP to an instance, SIGCONT in the end; key {@code freeze}. */
    record Freeze(int instance) implements OfInstance {
        @Override
        public void match(Cases cases) {
            cases.freeze(instance);
        }
    }

    /** An instance hears nothing from the brokers, nor they from it; key {@code disconnect}. */
    record Disconnect(int instance) implements OfInstance {
        @Override
        public void match(Cases cases) {
            cases.disconnect(instance);
        }
    }

    /** The runner answers by a rule in the form of the stand-in's own; key {@code answer}. */
    record Answer(JsonNode rule) implements Disturbance {
        @Override
        public void match(Cases cases) {
            cases.answer(rule);
        }
    }

    /** The runner refuses connections; key {@code refuse}, of which the value is {@code true}. */
    record Refuse() implements Disturbance {
        @Override
        public void match(Cases cases) {
            cases.refuse();
        }
    }

    /** A broker is down, by its number from 1; key {@code broker}. */
    record Broker(int number) implements OfBroker {
        @Override
        public void match(Cases cases) {
            cases.broker(number);
        }
    }

    /** {@code kill -9} of a broker, by its number from 1, and a start in the end; key {@code kill_broker}. */
    record KillBroker(int number) implements OfBroker {
        @Override
        public void match(Cases cases) {
            cases.killBroker(number);
        }
    }

    /** SIGSTOP to a broker, by its number from 1, SIGCONT in the end; key {@code freeze_broker}. */
    record FreezeBroker(int number) implements OfBroker {
        @Override
        public void match(Cases cases) {
            cases.freezeBroker(number);
        }
    }

    /**
     * A job type has another limit, by the configuration's file; key {@code limit}.
     *
     * @param type a job type that the scenario gives a limit of its own
     * @param concurrency how many of it may run at once meanwhile, 1 or more
     */
    record Limit(String type, int concurrency) implements Disturbance {
        public Limit {
            if (type.isEmpty() || concurrency < 1) {
                throw new IllegalArgumentException("limit needs type, and a concurrency of 1 or more");
            }
        }

        @Override
        public void match(Cases cases) {
            cases.limit(this);
        }
    }

    /**
     * A job type is paused, by the configuration's file; key {@code pause}.
     *
     * @param type a job type that the scenario gives a limit of its own
     */
    record Pause(String type) implements Disturbance {
        public Pause {
            if (type.isEmpty()) {
                throw new IllegalArgumentException("pause needs a job type");
            }
        }

        @Override
        public void match(Cases cases) {
            cases.pause(type);
        }
    }

    /** The configuration's file of an instance cannot be understood; key {@code bad_file}. */
    record BadFile(int instance) implements OfInstance {
        @Override
        public void match(Cases cases) {
            cases.badFile(instance);
        }
    }

    /** The disk of an instance's scheduler is full; key {@code full_disk}. */
    record FullDisk(int instance) implements OfInstance {
        @Override
        public void match(Cases cases) {
            cases.fullDisk(instance);
        }
    }

    /**
     * The disk of an instance's scheduler is slow; key {@code slow_disk}.
     *
     * @param by how much longer each access of the store takes, 1 ms or more
     */
    record SlowDisk(int instance, Duration by) implements OfInstance {
        public SlowDisk {
            if (by.toMillis() < 1) {
                throw new IllegalArgumentException("slow_disk.by must be 1 ms or more");
            }
        }

        @Override
        public void match(Cases cases) {
            cases.slowDisk(instance, by);
        }
    }

    /**
     * The wall clock of an instance jumps, and in the end back; key {@code clock}.
     *
     * @param by how far ahead, or, where it is negative, back; 1 ms or more
     */
    record Clock(int instance, Duration by) implements OfInstance {
        public Clock {
            if (by.toMillis() == 0) {
                throw new IllegalArgumentException("clock.by must be 1 ms or more");
            }
        }

        @Override
        public void match(Cases cases) {
            cases.clock(instance, by);
        }
    }

    /** What is done to a broker, by its number from 1. */
    sealed interface OfBroker extends Disturbance {}

    /** What is done to one instance, by its number from 0. */
    sealed interface OfInstance extends Disturbance {
        int instance();
    }

    /** Whether it goes on for a time, and ends. */
    default boolean lasts() {
        return true;
    }

    /** Calls the case of its kind. */
    void match(Cases cases);

    /** One for each kind. */
    interface Cases {
        void kill(int instance);

        void stop(int instance);

        void start(int instance);

        void freeze(int instance);

        void disconnect(int instance);

        void answer(JsonNode rule);

        void refuse();

        void broker(int number);

        void killBroker(int number);

        void freezeBroker(int number);

        void limit(Limit limit);

        void pause(String type);

        void badFile(int instance);

        void fullDisk(int instance);

        void slowDisk(int instance, Duration by);

        void clock(int instance, Duration by);
    }
}
