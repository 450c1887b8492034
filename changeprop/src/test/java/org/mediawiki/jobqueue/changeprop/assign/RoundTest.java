package org.mediawiki.jobqueue.changeprop.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Who gets what, in single rounds. Units are named by the first letter of a topic. */
class RoundTest {

    private static final Plan PLAN = topic -> new Unit(topic.substring(0, 1), 10);

    @Test
    void aUnitsTopicsAndPartitionsStayTogether() {
        Map<String, List<TopicPartition>> shares = assign(
                PLAN,
                Map.of("a-main", 3, "a-retry", 3, "b-main", 1, "b-retry", 1),
                List.of(
                        member("one", "a-main a-retry b-main b-retry"),
                        member("two", "a-main a-retry b-main b-retry")));

        assertThat(shares.values().stream().map(RoundTest::topics))
                .containsExactlyInAnyOrder(Set.of("a-main", "a-retry"), Set.of("b-main", "b-retry"));
        assertThat(shares.values().stream().mapToInt(List::size).sum()).isEqualTo(8);
    }

    @Test
    void aLaneWithALimitOfItsOwnIsOneUnitAndTheOthersStandBy() {
        Map<String, List<TopicPartition>> shares = assign(
                topic -> new Unit("lane", 15),
                Map.of("a", 1, "b", 1),
                List.of(member("one", "a b"), member("two", "a b")));

        assertThat(shares.values().stream().map(List::size)).containsExactlyInAnyOrder(2, 0);
    }

    @Test
    void whatSomebodyElseStillHasIsGivenToNobody() {
        // One has everything; two has come. What moves is taken away first.
        Member one = member("one", "a b c", 5, "a-0 b-0 c-0");
        Member two = member("two", "a b c");

        Map<String, List<TopicPartition>> first = assign(PLAN, Map.of("a", 1, "b", 1, "c", 1), List.of(one, two));

        assertThat(first.get("two")).isEmpty();
        assertThat(first.get("one")).hasSize(2);

        Map<String, List<TopicPartition>> second = assign(
                PLAN,
                Map.of("a", 1, "b", 1, "c", 1),
                List.of(
                        new Member("one", "one", one.topics(), Set.copyOf(first.getOrDefault("one", List.of())), 6),
                        two));

        assertThat(second.get("one")).isEqualTo(first.getOrDefault("one", List.of()));
        assertThat(second.get("two")).hasSize(1);
    }

    @Test
    void whatIsOnItsWayToAMemberIsPromisedToItAndGoesThere() {
        Member one = member("one", "a b", 5, "a-0 b-0");
        Member two = member("two", "a b");
        Round first = Round.of(PLAN, Map.of("a", 1, "b", 1), List.of(one, two), Map.of(), topic -> true);
        assertThat(first.promises().values()).containsExactly("two");

        Round second = Round.of(
                PLAN,
                Map.of("a", 1, "b", 1),
                List.of(member("one", "a b", 6, "b-0"), two, member("new", "a b")),
                Map.of("a", "two"),
                topic -> true);

        assertThat(second.shares().get("two")).isEqualTo(partitions("a-0"));
        assertThat(second.promises()).isEmpty();
    }

    @Test
    void aPromiseToOneWhoIsGoneBindsNobody() {
        Round round = Round.of(PLAN, Map.of("a", 1), List.of(member("one", "a")), Map.of("a", "gone"), topic -> true);

        assertThat(round.shares().get("one")).isEqualTo(partitions("a-0"));
    }

    @Test
    void aNewTopicOfAUnitThatMovesWaitsForTheRestOfIt() {
        Member one = member("one", "a-main a-new b c", 5, "a-main-0 b-0 c-0");
        Member two = new Member("two", "two", Set.of("a-main", "a-new"), Set.of(), -1);

        Map<String, List<TopicPartition>> shares =
                assign(PLAN, Map.of("a-main", 1, "a-new", 1, "b", 1, "c", 1), List.of(one, two));

        assertThat(shares.get("two")).isEmpty();
        assertThat(topics(shares.getOrDefault("one", List.of()))).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aTopicThatAppearsJoinsItsUnitWithoutMovingAnything() {
        Member one = member("one", "a-main a-new b", 5, "a-main-0");
        Member two = member("two", "a-main a-new b", 5, "b-0");

        Map<String, List<TopicPartition>> shares =
                assign(PLAN, Map.of("a-main", 1, "a-new", 2, "b", 1), List.of(one, two));

        assertThat(shares.get("one")).isEqualTo(partitions("a-main-0 a-new-0 a-new-1"));
        assertThat(shares.get("two")).isEqualTo(partitions("b-0"));
    }

    @Test
    void ofTwoClaimsTheOneOfTheHigherGenerationCounts() {
        Member stale = member("stale", "a", 4, "a-0");
        Member right = member("zright", "a", 5, "a-0");

        Map<String, List<TopicPartition>> shares = assign(PLAN, Map.of("a", 1), List.of(stale, right));

        assertThat(shares).isEqualTo(Map.of("stale", List.of(), "zright", partitions("a-0")));
    }

    @Test
    void aStaleClaimThatNobodyDisputesIsHeededAllTheSame() {
        // It missed the last round, so it still works on these.
        Member late = member("late", "a b", 4, "a-0 b-0");
        Member other = member("other", "a b", 5, "");

        Map<String, List<TopicPartition>> shares = assign(PLAN, Map.of("a", 1, "b", 1), List.of(late, other));

        assertThat(shares.get("other")).isEmpty();
        assertThat(shares.get("late")).hasSize(1);
    }

    @Test
    void whatTheOwnerDoesNotSubscribeToGoesToOneWhoDoes() {
        // In a rollout: two's configuration says that a-moved is not this lane's any more.
        Member one = member("one", "a-main a-moved", 5, "");
        Member two = member("two", "a-main", 5, "a-main-0");

        Map<String, List<TopicPartition>> shares = assign(PLAN, Map.of("a-main", 1, "a-moved", 1), List.of(one, two));

        assertThat(shares.get("one")).isEqualTo(partitions("a-moved-0"));
        assertThat(shares.get("two")).isEqualTo(partitions("a-main-0"));
    }

    /** Or its unit would run in two places, each of which counts to its limit. */
    @Test
    void aNewTopicThatTheOwnerHasNotHeardOfYetWaits() {
        Member one = member("one", "a-main a-new", 5, "");
        Member two = member("two", "a-main", 5, "a-main-0");

        Round round = Round.of(PLAN, Map.of("a-main", 1, "a-new", 1), List.of(one, two), Map.of(), topic -> false);

        assertThat(round.shares().get("one")).isEmpty();
        assertThat(round.shares().get("two")).isEqualTo(partitions("a-main-0"));
        assertThat(round.strays()).containsExactly("a-new");
    }

    @Test
    void whatAMemberRunsAlreadyStaysThere() {
        Member one = member("one", "a-moved", 5, "a-moved-0");
        Member two = member("two", "a-main", 5, "a-main-0");

        Round round = Round.of(PLAN, Map.of("a-main", 1, "a-moved", 1), List.of(one, two), Map.of(), topic -> false);

        assertThat(round.shares().values().stream().flatMap(List::stream)).hasSize(2);
        assertThat(round.strays()).isEmpty();
    }

    @Test
    void whoSubscribesToAllOfAUnitGetsItBeforeOneWhoDoesNot() {
        Map<String, List<TopicPartition>> shares = assign(
                PLAN,
                Map.of("a-main", 1, "a-moved", 1),
                List.of(member("one", "a-main"), member("two", "a-main a-moved")));

        assertThat(shares.get("two")).isEqualTo(partitions("a-main-0 a-moved-0"));
    }

    @Test
    void topicsWithoutPartitionsYetAndMembersWithoutTopicsAreNoObstacle() {
        assertThat(assign(PLAN, Map.of("a", 0), List.of(member("one", "a"), member("two", ""))))
                .isEqualTo(Map.of("one", List.of(), "two", List.of()));
        assertThat(assign(PLAN, Map.of(), List.of())).isEmpty();
    }

    @Test
    void aTopicThatThePlanDoesNotKnowIsAUnitOfItsOwn() {
        Unit unit = Plan.alone("eqiad.mediawiki.job.Foo");

        assertThat(unit.weight()).isEqualTo(1);
        assertThat(unit).isNotEqualTo(Plan.alone("eqiad.mediawiki.job.Bar"));
    }

    @Test
    void lanesOfOneUnitEachDoNotAllGoToOneInstance() {
        List<Member> members = List.of(member("one", "t"), member("two", "t"), member("three", "t"));
        Set<String> owners = Stream.of("l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8")
                .map(lane -> assign(topic -> new Unit(lane, 5), Map.of("t", 1), members))
                .map(shares -> shares.entrySet().stream()
                        .filter(share -> !share.getValue().isEmpty())
                        .findFirst()
                        .orElseThrow()
                        .getKey())
                .collect(Collectors.toSet());

        assertThat(owners).hasSize(3);
    }

    private static Map<String, List<TopicPartition>> assign(
            Plan plan, Map<String, Integer> partitionCounts, List<Member> members) {
        return Round.of(plan, partitionCounts, members, Map.of(), topic -> true).shares();
    }

    private static Member member(String name, String topics) {
        return member(name, topics, -1, "");
    }

    private static Member member(String name, String topics, int generation, String claims) {
        return new Member(name, name, words(topics), new HashSet<>(partitions(claims)), generation);
    }

    private static List<TopicPartition> partitions(String words) {
        return words(words).stream()
                .sorted()
                .map(word -> new TopicPartition(
                        word.substring(0, word.lastIndexOf('-')),
                        Integer.parseInt(word.substring(word.lastIndexOf('-') + 1))))
                .toList();
    }

    private static Set<String> words(String words) {
        return Arrays.stream(words.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
    }

    private static Set<String> topics(List<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }
}
