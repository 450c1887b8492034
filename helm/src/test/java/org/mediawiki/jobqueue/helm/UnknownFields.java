package org.mediawiki.jobqueue.helm;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks through an object of Kubernetes' model: each keeps in {@code additionalProperties} what it has no field for. */
final class UnknownFields {

    private static final String MODEL = "io.fabric8.";

    private final List<String> found = new ArrayList<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private UnknownFields() {}

    static List<String> of(Object object) {
        UnknownFields fields = new UnknownFields();
        fields.walk(object, "");
        return fields.found;
    }

    private void walk(@Nullable Object value, String path) {
        if (value instanceof List<?> list) {
            list.forEach(item -> walk(item, path + "[]"));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> walk(item, join(path, String.valueOf(key))));
        } else if (value != null && value.getClass().getName().startsWith(MODEL) && seen.add(value)) {
            for (Method method : value.getClass().getMethods()) {
                if (method.getParameterCount() == 0 && method.getName().startsWith("get")) {
                    visit(value, method, path);
                }
            }
        }
    }

    private void visit(Object owner, Method getter, String path) {
        Object value = call(owner, getter);
        if (!getter.getName().equals("getAdditionalProperties")) {
            walk(value, join(path, property(getter)));
        } else if (value instanceof Map<?, ?> unknown) {
            unknown.keySet().forEach(key -> found.add(join(path, String.valueOf(key))));
        }
    }

    private static String property(Method getter) {
        String name = getter.getName().substring("get".length());
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static @Nullable Object call(Object owner, Method getter) {
        try {
            return getter.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(getter.toString(), e);
        }
    }
}
