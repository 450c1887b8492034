package org.mediawiki.jobqueue.changeprop.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * What is going on: in one instance, or in the fleet as far as it could be asked.
 *
 * @param at when it was looked at
 * @param answeredBy which instance put it together
 */
public record Status(
        Instant at,
        String service,
        String dc,
        String answeredBy,
        List<InstanceStatus> instances,
        List<LaneStatus> lanes,
        List<TypeStatus> types) {

    public Status {
        instances = List.copyOf(instances);
        lanes = List.copyOf(lanes);
        types = List.copyOf(types);
    }

    /** This and what others said of themselves. Pure. */
    public Status with(Collection<Status> others) {
        List<Status> all = new ArrayList<>(List.of(this));
        all.addAll(others);
        return new Status(
                at,
                service,
                dc,
                answeredBy,
                merged(all, Status::instances, InstanceStatus::instance, (one, other) -> one),
                merged(all, Status::lanes, LaneStatus::lane, LaneStatus::and),
                merged(all, Status::types, type -> type.lane() + "\n" + type.type(), TypeStatus::and));
    }

    private static <T> List<T> merged(
            List<Status> all, Function<Status, List<T>> part, Function<T, String> key, BinaryOperator<T> and) {
        Map<String, T> byKey = new TreeMap<>();
        all.forEach(one -> part.apply(one).forEach(item -> byKey.merge(key.apply(item), item, and)));
        return List.copyOf(byKey.values());
    }
}
