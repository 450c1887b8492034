package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.offsets.FakeGroups;
import org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets;

/** What a lane takes over of another one's offsets, and what it asks of the brokers for that. */
class OtherLanesTest {

    private static final String OTHER = "cpjobqueue-other";
    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final TopicPartition B = new TopicPartition("eqiad.mediawiki.job.b", 0);

    /** Metadata of commits at 5. */
    private static final String SEVEN_AND_EIGHT = "f1:AgI";

    private static final String NINE_TO_ELEVEN = "f1:BAM";

    private final FakeGroups groups = new FakeGroups();
    private final OtherLanes lanes = new OtherLanes(new GroupOffsets(groups.admin()), () -> Set.of(OTHER));
    private final Map<TopicPartition, OffsetAndMetadata> own = new HashMap<>();
    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();

    /** The poll thread waits for each request, and its lease lasts 4.5 s. */
    @Test
    void whatManyTopicsHaveLeftIsDeletedByOneRequest() {
        Set<TopicPartition> moved = IntStream.range(0, 100)
                .mapToObj(number -> new TopicPartition("eqiad.mediawiki.job.type" + number, 0))
                .collect(Collectors.toSet());
        moved.forEach(partition -> groups.commit(OTHER, partition, at(5, "")));

        assertThat(settle(moved)).isEmpty();

        assertThat(commits)
                .singleElement()
                .satisfies(commit -> assertThat(commit).containsOnlyKeys(moved));
        assertThat(groups.committed(OTHER)).isEmpty();
        assertThat(groups.deletions()).isOne();
    }

    @Test
    void whatTheOtherLaneSubscribesToStillWaitsAlone() {
        groups.commit(OTHER, A, at(5, ""));
        groups.commit(OTHER, B, at(5, ""));
        groups.subscribe(B.topic());

        assertThat(settle(Set.of(A, B))).containsExactly(B);

        assertThat(groups.committed(OTHER)).containsOnlyKeys(B);
        assertThat(groups.deletions()).isOne();
    }

    @Test
    void whereNothingWasLeftNothingIsDeleted() {
        assertThat(settle(Set.of(A, B))).isEmpty();

        assertThat(commits).isEmpty();
        assertThat(groups.deletions()).isZero();
    }

    /** A job of hours holds the offset, and all that has ended since the type has moved stands in our metadata alone. */
    @Test
    void oldMetadataThatCannotBeDeletedReplaceNothingAtTheSameOffset() {
        own.put(A, at(5, SEVEN_AND_EIGHT));
        groups.commit(OTHER, A, at(5, ""));
        groups.refuseDeletions(new GroupAuthorizationException("no"));

        assertThat(settle(Set.of(A))).isEmpty();

        assertThat(commits).isEmpty();
    }

    /** It had revoked the partition when it was asked first, and commits what has ended meanwhile. */
    @Test
    void whatTheOtherLaneCommitsLateAtTheSameOffsetIsTakenOver() {
        groups.commit(OTHER, A, at(5, ""));
        groups.subscribe(A.topic());
        assertThat(settle(Set.of(A))).containsExactly(A);

        groups.commit(OTHER, A, at(5, SEVEN_AND_EIGHT));
        assertThat(settle(Set.of(A))).containsExactly(A);

        assertThat(own).isEqualTo(Map.of(A, at(5, SEVEN_AND_EIGHT)));
    }

    @Test
    void whatEitherKnowsToBeFinishedIsKeptAtTheSameOffset() {
        own.put(A, at(5, SEVEN_AND_EIGHT));
        groups.commit(OTHER, A, at(5, NINE_TO_ELEVEN));

        assertThat(settle(Set.of(A))).isEmpty();

        assertThat(CommitMetadata.decode(5, own.get(A).metadata())).hasToString("finished [7, 12)");
    }

    @Test
    void whoeverHasComeFartherIsBelieved() {
        own.put(A, at(4, SEVEN_AND_EIGHT));
        own.put(B, at(6, ""));
        groups.commit(OTHER, A, at(5, ""));
        groups.commit(OTHER, B, at(5, SEVEN_AND_EIGHT));

        assertThat(settle(Set.of(A, B))).isEmpty();

        assertThat(commits).containsExactly(Map.of(A, at(5, "")));
    }

    private Set<TopicPartition> settle(Set<TopicPartition> taken) {
        return lanes.settle(own, taken, inherited -> {
            commits.add(Map.copyOf(inherited));
            own.putAll(inherited);
        });
    }

    private static OffsetAndMetadata at(long offset, String metadata) {
        return new OffsetAndMetadata(offset, metadata);
    }
}
