package org.mediawiki.jobqueue.changeprop.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record with some components changed, so that a new key of the configuration needs no further code here. */
final class RecordCopy<R extends Record> {

    private final R original;
    private final Map<String, @Nullable Object> changes = new HashMap<>();

    private RecordCopy(R original) {
        this.original = original;
    }

    static <R extends Record> RecordCopy<R> of(R original) {
        return new RecordCopy<>(original);
    }

    /** {@code component} is the name of a component, and {@code value} of its type. */
    RecordCopy<R> with(String component, @Nullable Object value) {
        changes.put(component, value);
        return this;
    }

    R make() {
        RecordComponent[] components = original.getClass().getRecordComponents();
        Object[] values = Arrays.stream(components).map(this::valueOf).toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            @SuppressWarnings("unchecked")
            Constructor<R> constructor = (Constructor<R>) original.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record without its own constructor", e);
        }
    }

    private @Nullable Object valueOf(RecordComponent component) {
        return changes.containsKey(component.getName())
                ? changes.get(component.getName())
                : valueOf(original, component);
    }

    /** What {@code holder} has there. */
    static @Nullable Object valueOf(Record holder, RecordComponent component) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record whose components are not public", e);
        }
    }
}
