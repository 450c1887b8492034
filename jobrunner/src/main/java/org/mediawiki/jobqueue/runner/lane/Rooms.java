package org.mediawiki.jobqueue.runner.lane;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** The rooms of a pool, by section or by wiki. Those that nobody lives in are forgotten: names come from outside. */
final class Rooms {

    private final OptionalInt size;
    private final Room boundless = new Room(Integer.MAX_VALUE);
    private final Map<String, Tenancy> tenancies = new HashMap<>();

    /** Each of {@code size}; without one they have no bound. */
    Rooms(OptionalInt size) {
        this.size = size;
    }

    private record Tenancy(Room room, int tenants) {}

    /** The room of that name; every tenant must {@link #leave} some day, having given back what it took. */
    Room moveIn(String name) {
        if (size.isEmpty()) {
            return boundless;
        }
        return tenancies
                .merge(
                        name,
                        new Tenancy(new Room(size.getAsInt()), 1),
                        (old, one) -> new Tenancy(old.room(), old.tenants() + 1))
                .room();
    }

    void leave(String name) {
        if (size.isEmpty()) {
            return;
        }
        Tenancy tenancy = Objects.requireNonNull(tenancies.get(name));
        if (tenancy.tenants() == 1) {
            tenancies.remove(name);
        } else {
            tenancies.put(name, new Tenancy(tenancy.room(), tenancy.tenants() - 1));
        }
    }
}
