package org.mediawiki.jobqueue.changeprop.assign;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.jspecify.annotations.Nullable;

/**
 * The assignor as Kafka's consumer wants it. Configured with the {@link Plan} of this process, which counts while its
 * member leads the group. Nothing but what members subscribe to and own is asked of them, so those of other versions
 * take part whatever their user data says; ours send none.
 */
public final class UnitAssignor implements ConsumerPartitionAssignor, Configurable {

    /** A consumer property of ours: a {@code Supplier<Plan>}, asked on the poll thread at each assignment. */
    public static final String PLAN = "jobqueue.assignment.plan";

    /** A consumer property of ours: the lane's {@link Strays}, which outlive its consumers. */
    public static final String STRAYS = "jobqueue.assignment.strays";

    /** Members agree on an assignor by its name. */
    private static final String NAME = "jobqueue-units";

    private Supplier<Plan> plan = () -> Plan::alone;

    /** Null until it is configured. */
    private @Nullable Strays strays;

    /** What the last round that was made here left to the next one. Poll thread only. */
    private Map<String, String> promises = Map.of();

    /** For Kafka, which makes it by reflection and configures it then. */
    public UnitAssignor() {}

    @Override
    @SuppressWarnings("unchecked")
    public void configure(Map<String, ?> properties) {
        plan = (Supplier<Plan>) Objects.requireNonNull(properties.get(PLAN), PLAN);
        strays = (Strays) Objects.requireNonNull(properties.get(STRAYS), STRAYS);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
        List<Member> members = subscriptions.groupSubscription().entrySet().stream()
                .map(entry -> member(entry.getKey(), entry.getValue()))
                .toList();
        Map<String, Integer> partitionCounts = new HashMap<>();
        members.forEach(member -> member.topics()
                .forEach(topic -> partitionCounts.put(
                        topic, cluster.partitionsForTopic(topic).size())));
        Map<String, Assignment> assignments = new HashMap<>();
        Strays known = Objects.requireNonNull(strays, STRAYS);
        Round round = Round.of(plan.get(), partitionCounts, members, promises, known::mayGo);
        promises = round.promises();
        known.keep(round.strays());
        round.shares().forEach((id, partitions) -> assignments.put(id, new Assignment(partitions)));
        return new GroupAssignment(assignments);
    }

    private static Member member(String id, Subscription subscription) {
        return new Member(
                id,
                subscription.groupInstanceId().orElse(id),
                new HashSet<>(subscription.topics()),
                new HashSet<>(subscription.ownedPartitions()),
                subscription.generationId().orElse(-1));
    }
}
