package org.mediawiki.jobqueue.runner.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** The limits of a pool, by section or by wiki. Those that nobody uses are forgotten: names come from outside. */
final class SharedLimits {

    private final OptionalInt size;
    private final SharedLimit boundless = new SharedLimit(Integer.MAX_VALUE);
    private final Map<String, Tenancy> tenancies = new HashMap<>();

    /** Each of {@code size}; without one they have no bound. */
    SharedLimits(OptionalInt size) {
        this.size = size;
    }

    private record Tenancy(SharedLimit limit, int tenants) {}

    /** The limit of that name; every tenant must {@link #leave} some day, having given back what it took. */
    SharedLimit moveIn(String name) {
        if (size.isEmpty()) {
            return boundless;
        }
        return tenancies
                .merge(
                        name,
                        new Tenancy(new SharedLimit(size.getAsInt()), 1),
                        (old, one) -> new Tenancy(old.limit(), old.tenants() + 1))
                .limit();
    }

    void leave(String name) {
        if (size.isEmpty()) {
            return;
        }
        Tenancy tenancy = Objects.requireNonNull(tenancies.get(name));
        if (tenancy.tenants() == 1) {
            tenancies.remove(name);
        } else {
            tenancies.put(name, new Tenancy(tenancy.limit(), tenancy.tenants() - 1));
        }
    }
}
