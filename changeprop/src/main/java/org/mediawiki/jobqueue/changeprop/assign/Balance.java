package org.mediawiki.jobqueue.changeprop.assign;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Spreads portions over members by their weights, so that no single move would leave two members more even. What has an
 * owner stays there, though, unless the new owner would then have less, by an eighth of a fair share, than the old one
 * has now: a move stops a pool for about a second, and what it wins is small, since one process can do far more than is
 * asked of all.
 */
final class Balance {

    private static final int TOLERANCE = 8;

    private static final Comparator<Portion> HEAVIEST_FIRST =
            Comparator.comparingLong(Portion::weight).reversed().thenComparing(Portion::name);

    private final List<Member> members;
    private final Claims claims;
    private final Map<String, String> promises;
    private final Map<Member, Long> loads = new HashMap<>();

    /** By name, so that the result does not depend on the order of what came in. */
    private final Map<Portion, Member> owners = new TreeMap<>(Comparator.comparing(Portion::name));

    private final Set<Portion> owned = new HashSet<>();

    /**
     * @param members in the order in which equals are preferred
     * @param promises which member, by its id, is to get what is on its way, by name
     */
    Balance(List<Member> members, Claims claims, Map<String, String> promises) {
        this.members = members;
        this.claims = claims;
        this.promises = promises;
        members.forEach(member -> loads.put(member, 0L));
    }

    /** Gives each portion, of as many units, an owner who subscribes to as much of it as anybody. May be repeated. */
    Map<Portion, Member> spread(Collection<Portion> portions) {
        owners.clear();
        owned.clear();
        portions.forEach(portion -> presentOwner(portion).ifPresent(owner -> {
            owned.add(portion);
            give(portion, owner);
        }));
        portions.stream()
                .filter(portion -> !owners.containsKey(portion))
                .sorted(HEAVIEST_FIRST)
                .forEach(portion -> give(portion, leastLoaded(portion)));
        while (improve()) {
            // Each step brings the sum of the squares of the loads down, so it ends.
        }
        return Map.copyOf(owners);
    }

    /** Whoever owns most of it, or was promised what nobody else owns any more. */
    private Optional<Member> presentOwner(Portion portion) {
        Member best = null;
        int most = 0;
        for (Member member : members) {
            int count = covers(member, portion) == 0 ? 0 : claims.count(member, portion.partitions());
            if (isPromised(portion, member)) {
                return Optional.of(member);
            } else if (count > most) {
                best = member;
                most = count;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isPromised(Portion portion, Member member) {
        if (!member.id().equals(promises.get(portion.name()))) {
            return false;
        }
        Set<TopicPartition> wanted =
                portion.partitions().stream().filter(member::subscribesTo).collect(Collectors.toSet());
        return !wanted.isEmpty() && !claims.areOthersThan(member, wanted);
    }

    private Member leastLoaded(Portion portion) {
        int best = members.stream()
                .mapToInt(member -> covers(member, portion))
                .max()
                .orElseThrow();
        return members.stream()
                .filter(member -> covers(member, portion) == best)
                // So that lanes of one unit each, whose groups do not know each other, do not all go to one instance.
                .min(Comparator.<Member>comparingLong(loads::get).thenComparingInt(member -> affinity(portion, member)))
                .orElseThrow();
    }

    private static int affinity(Portion portion, Member member) {
        int hash = (portion.unit().name() + "\n" + member.name()).hashCode();
        return (hash * 0x9E3779B9) >>> 1;
    }

    /** Does the one move that makes the members more even than any other. */
    private boolean improve() {
        Optional<Move> best = Optional.empty();
        for (Map.Entry<Portion, Member> entry : owners.entrySet()) {
            for (Member to : members) {
                Move move = new Move(entry.getKey(), entry.getValue(), to);
                if (isWorthIt(move) && best.stream().noneMatch(other -> other.effect() >= move.effect())) {
                    best = Optional.of(move);
                }
            }
        }
        best.ifPresent(move -> {
            loads.merge(move.from, -move.portion.weight(), Long::sum);
            give(move.portion, move.to);
        });
        return best.isPresent();
    }

    private boolean isWorthIt(Move move) {
        if (!owned.contains(move.portion)) {
            return move.gain() > 0 && covers(move.to, move.portion) >= covers(move.from, move.portion);
        }
        // In a rollout, when configurations differ, nothing moves for this; who knows how long they do.
        int all = move.portion.partitions().size();
        return move.gain() > tolerance()
                && move.portion.rest() == 0
                && covers(move.from, move.portion) == all
                && covers(move.to, move.portion) == all;
    }

    private static int covers(Member member, Portion portion) {
        return member.coverage(portion.partitions());
    }

    private long tolerance() {
        long sum = loads.values().stream().mapToLong(load -> load).sum();
        return sum / members.size() / TOLERANCE;
    }

    private void give(Portion portion, Member member) {
        owners.put(portion, member);
        loads.merge(member, portion.weight(), Long::sum);
    }

    private final class Move {

        private final Portion portion;
        private final Member from;
        private final Member to;

        Move(Portion portion, Member from, Member to) {
            this.portion = portion;
            this.from = from;
            this.to = to;
        }

        /** By how much {@code to} will have less then than {@code from} has now; no move is worth it without. */
        long gain() {
            return loads.getOrDefault(from, 0L) - loads.getOrDefault(to, 0L) - portion.weight();
        }

        /** By how much the sum of the squares of the loads falls, halved. */
        long effect() {
            return portion.weight() * gain();
        }
    }
}
