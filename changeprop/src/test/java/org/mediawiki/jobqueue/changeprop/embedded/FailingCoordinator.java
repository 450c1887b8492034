package org.mediawiki.jobqueue.changeprop.embedded;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import scala.Option;

/**
 * Has the coordinator of groups give up as it does after a kill, when the failure of its first reading is told after the last
 * has begun. That takes chance; and nothing that Kafka offers brings it about, so this reaches for what is private.
 */
final class FailingCoordinator {

    private FailingCoordinator() {}

    /** All of its partitions, of the one broker of {@code kafka}. */
    static void fail(EmbeddedKafka kafka) {
        try {
            Object node = Objects.requireNonNull(((Map<?, ?>) of(kafka, "brokers")).get(1));
            Object broker = ((Option<?>) of(of(node, "server"), "broker")).get();
            Map<?, ?> partitions = (Map<?, ?>) of(of(of(broker, "groupCoordinator"), "runtime"), "coordinators");
            for (Object partition : partitions.values()) {
                fail(partition);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Kafka is made otherwise than this expects", e);
        }
    }

    private static void fail(Object partition) throws ReflectiveOperationException {
        Class<?> states = ((Enum<?>) of(partition, "state")).getDeclaringClass();
        Method transition = partition.getClass().getDeclaredMethod("transitionTo", states);
        transition.setAccessible(true);
        Lock lock = (Lock) of(partition, "lock");
        lock.lock();
        try {
            transition.invoke(partition, named(states, "FAILED"));
        } finally {
            lock.unlock();
        }
    }

    private static Object named(Class<?> states, String name) {
        return Stream.of(states.getEnumConstants())
                .filter(state -> state.toString().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static Object of(Object owner, String field) throws ReflectiveOperationException {
        Field found = owner.getClass().getDeclaredField(field);
        found.setAccessible(true);
        return found.get(owner);
    }
}
