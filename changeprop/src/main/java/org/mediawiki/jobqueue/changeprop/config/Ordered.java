package org.mediawiki.jobqueue.changeprop.config;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Immutable copies that keep the order of the file, which {@code Map.copyOf} does not: people read them back. */
final class Ordered {

    private Ordered() {}

    static <V> Map<String, V> copy(Map<String, V> original) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(original));
    }

    static Set<String> copy(Collection<String> original) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(original));
    }
}
