package org.mediawiki.jobqueue.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;

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
    record Broker(int number) implements Disturbance {
        @Override
        public void match(Cases cases) {
            cases.broker(number);
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

        void limit(Limit limit);
    }
}
