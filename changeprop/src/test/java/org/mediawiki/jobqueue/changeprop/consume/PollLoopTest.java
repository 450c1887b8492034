package org.mediawiki.jobqueue.changeprop.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mediawiki.jobqueue.changeprop.LogLines;
import org.mediawiki.jobqueue.changeprop.assign.Strays;
import org.mediawiki.jobqueue.changeprop.fleet.FakeBoard;
import org.mediawiki.jobqueue.changeprop.fleet.FleetNotes;
import org.mediawiki.jobqueue.changeprop.ledger.CommitMetadata;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.mediawiki.jobqueue.changeprop.ledger.FinishedAbove;
import org.mediawiki.jobqueue.changeprop.ledger.PartitionLedger;
import org.mediawiki.jobqueue.changeprop.ledger.Slot;
import org.mediawiki.jobqueue.changeprop.ledger.Totals;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FakeTime;

/** The loop over a scripted consumer: every step runs within one poll, and the last one stops the loop. */
@Timeout(60)
class PollLoopTest {

    private static final TopicPartition A = new TopicPartition("eqiad.mediawiki.job.a", 0);
    private static final TopicPartition B = new TopicPartition("eqiad.mediawiki.job.b", 0);
    private static final int ENOUGH_BYTES = 1 << 20;
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");

    private final FakeTime time = new FakeTime();
    private final Strays strays = new Strays(time);
    private final ScriptedConsumer consumer = new ScriptedConsumer();
    private final PollSizeGuard pollSizeGuard = new PollSizeGuard();
    private final RecordingHandler handler = new RecordingHandler();
    private final Tally tally = new Tally();
    private final FakeBoard board = new FakeBoard();
    private PredecessorOffsets predecessorOffsets = (own, taken, commit) -> Set.of();
    private PollLoop loop = loop(Duration.ofSeconds(30));

    private final List<Runnable> steps = new ArrayList<>();

    @BeforeEach
    void thereAreTwoTopics() {
        consumer.updateBeginningOffsets(Map.of(A, 0L, B, 0L));
    }

    private static final Duration TAKEOVER_INTERVAL = Duration.ofSeconds(1);
    private static final Duration DRAIN_OF_ANOTHER_LANE = Duration.ofHours(6);

    @Test
    void recordsGoToTheHandlerAndAreCommittedWhenTheyAreDone() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 5));
        step(() -> handler.finish(0, 1, 3));
        step(() -> {
            assertThat(handler.handled()).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(committed(A)).isEqualTo(2);
            assertThat(loop.hasJoined()).isTrue();
        });

        run();

        assertThat(CommitMetadata.decode(2, metadata(A))).hasToString("finished [3, 4)");
        assertThat(consumer.closed()).isTrue();
        assertThat(tally.open()).isZero();
    }

    /** SPEC guarantee 2 allows 100 ms, of which brokers need some. */
    @Test
    void whatEndsIsCommittedSoonThoughNothingIsPolled() {
        AtomicLong ended = new AtomicLong();
        AtomicLong committed = new AtomicLong();
        consumer.whileItPolls(time::advance);
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(A)));
        consumer.schedulePollTask(() -> consumer.addRecords(A, 0, 3));
        consumer.schedulePollTask(() -> handler.finish(0));
        for (int i = 0; i < 20; i++) {
            consumer.schedulePollTask(() -> {
                if (committed(A) == 1 && ended.get() == 0) {
                    handler.finish(1);
                    ended.set(time.nanos());
                } else if (committed(A) == 2) {
                    committed.compareAndSet(0, time.nanos());
                }
            });
        }
        consumer.schedulePollTask(loop::stop);

        loop.run();

        assertThat(ended).hasPositiveValue();
        assertThat(Duration.ofNanos(committed.get() - ended.get()))
                .isBetween(Duration.ofMillis(1), Committer.INTERVAL.plusMillis(5));
    }

    @Test
    void whatAnEarlierOwnerFinishedIsPassedOver() {
        consumer.alreadyCommitted(A, 10, finishedAbove(10, 11, 13));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 10, 15));
        step(() -> handler.finish(10));
        step(() -> assertThat(committed(A)).isEqualTo(13));

        run();

        assertThat(handler.handled()).containsExactly(10L, 13L, 14L);
        assertThat(tally.passed()).isEqualTo(2);
    }

    @Test
    void longFinishedRunsAreSteppedOver() {
        long end = 11 + Takeover.WORTH_A_SEEK;
        consumer.alreadyCommitted(A, 10, finishedAbove(10, 11, end));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 10, 11));
        step(() -> {
            assertThat(consumer.position(A)).isEqualTo(end);
            consumer.addRecords(A, end, end + 1);
        });
        step(() -> handler.finish(10, end));
        step(() -> assertThat(committed(A)).isEqualTo(end + 1));
        run();
    }

    @Test
    void aFullPartitionIsPausedAloneAndResumedWhenHalfIsDone() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> {
            consumer.addRecords(A, 0, 10);
            consumer.addRecords(B, 0, 1);
        });
        step(() -> assertThat(consumer.paused()).containsExactly(A));
        step(() -> handler.finish(LongStream.range(1, 6).toArray()));
        step(() -> assertThat(consumer.paused()).as("half is open still").containsExactly(A));
        step(() -> handler.finish(6));
        step(() -> assertThat(consumer.paused()).isEmpty());
        run();
    }

    @Test
    void otherTopicsAreSubscribedToWithoutARestart() {
        step(() -> loop.follow(settings(Set.of("refreshLinks"), Set.of())));
        step(() -> loop.follow(settings(Set.of("refreshLinks"), Set.of())));
        run();
        assertThat(consumer.subscriptions())
                .containsExactly(
                        TOPICS.allBut(Set.of()).pattern(),
                        TOPICS.allBut(Set.of("refreshLinks")).pattern());
        assertThat(consumer.shouldRebalance()).isFalse();
    }

    @Test
    void whereOtherTypesShareLimitsTheGroupAssignsAnew() {
        step(() -> loop.follow(settings(Set.of(), Set.of("refreshLinks"))));
        step(() -> {});
        run();
        assertThat(consumer.shouldRebalance()).isTrue();
        assertThat(consumer.subscriptions()).hasSize(1);
    }

    /** Its owner's configuration has another lane run it, it seems: another member gets it then. */
    @Test
    void whereATopicHasWaitedForItsOwnerInVainTheGroupAssignsAnew() {
        strays.keep(Set.of("eqiad.mediawiki.job.new"));
        step(() -> assertThat(consumer.shouldRebalance()).isFalse());
        step(() -> time.advance(Duration.ofMinutes(1)));
        step(() -> {});
        run();
        assertThat(consumer.shouldRebalance()).isTrue();
    }

    @Test
    void otherBoundsHoldForWhatIsOpenAlready() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 5));
        step(() -> loop.follow(new PollLoop.Settings(
                TOPICS.allBut(Set.of()).pattern(), new FlowControl(5, 3L * ENOUGH_BYTES / 2), Set.of())));
        step(() -> assertThat(consumer.paused()).containsExactly(A));
        run();
    }

    /** Kafka's mock knows no deserializers; the real consumer calls them within the poll as well. */
    @Test
    void aPollThatBringsAsMuchAsMayBePausesAllBeforeMoreIsAskedFor() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> {});
        step(() -> {
            weigh(ENOUGH_BYTES - 2 * FlowControl.OVERHEAD_BYTES - 1);
            assertThat(consumer.paused()).isEmpty();
            weigh(1);
            assertThat(consumer.paused()).containsExactlyInAnyOrder(A, B);
        });
        step(() -> assertThat(consumer.paused()).as("nothing is open").isEmpty());
        step(() -> {
            weigh(ENOUGH_BYTES - 2 * FlowControl.OVERHEAD_BYTES - 1);
            assertThat(consumer.paused()).as("each poll is weighed by itself").isEmpty();
        });
        run();
    }

    @Test
    void theHandlerHearsHowMuchMayBeBlockedWhereTheLaneIsFull() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 10));
        step(() -> loop.follow(new PollLoop.Settings(
                TOPICS.allBut(Set.of()).pattern(), new FlowControl(100, 15L * FlowControl.OVERHEAD_BYTES), Set.of())));
        step(() -> assertThat(handler.blocked())
                .singleElement()
                .satisfies(most -> assertThat(most).isBetween(1L, 10L * FlowControl.OVERHEAD_BYTES / 4)));
        step(() -> handler.finish(LongStream.range(0, 7).toArray()));
        step(() -> {});
        step(() -> assertThat(handler.blocked()).last().isEqualTo(Long.MAX_VALUE));
        run();
    }

    @Test
    void pausesThatARebalanceLostAreMadeAgain() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 10));
        step(() -> consumer.resume(List.of(A)));
        step(() -> assertThat(consumer.paused()).containsExactly(A));
        run();
    }

    @Test
    void troubleWithTheBrokersDoesNotEndTheLoop() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            handler.finish(0);
            consumer.setPollException(new KafkaException("trouble"));
        });
        step(() -> {});
        step(() -> assertThat(committed(A)).isEqualTo(1));
        run();
    }

    /** The lease lasts no longer than what is committed, and nothing of the lane starts without one. */
    @Test
    void whatEndsIsCommittedAlsoWhilePollsFail() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            handler.finish(0);
            consumer.setPollException(new KafkaException("trouble"));
        });
        step(() -> assertThat(committed(A)).isEqualTo(1));
        run();
    }

    @Test
    void aBatchThatCannotBeReadStopsItsPartitionAlone() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.addRecords(A, 0, 3));
        step(() -> {
            handler.finish(0, 1, 2);
            consumer.addRecords(B, 100, 102);
            consumer.damage(A, 3);
        });
        steps(8, () -> time.advance(Unreadable.PATIENCE));
        step(() -> consumer.addRecords(B, 102, 103));
        step(() -> handler.finish(100, 101, 102));
        step(() -> {
            assertThat(committed(A)).isEqualTo(3);
            assertThat(committed(B)).isEqualTo(103);
            assertThat(consumer.paused()).containsExactly(A);
            assertThat(consumer.position(A)).isEqualTo(3);
            assertThat(loop.holdings().unreadable()).isEqualTo(1);
        });
        run();
        assertThat(loop.holdings().unreadable()).as("of what is owned").isZero();
    }

    @Test
    void whatCannotBeReadIsTriedAgainAndGoesOnOnceItCan() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.damage(A, 0));
        steps(8, () -> time.advance(Unreadable.PATIENCE));
        step(() -> assertThat(consumer.paused()).containsExactly(A));
        step(() -> time.advance(Unreadable.RETRY_INTERVAL));
        step(() -> assertThat(consumer.paused()).as("it was in vain").containsExactly(A));
        step(() -> {
            consumer.restore(A);
            consumer.addRecords(A, 0, 2);
        });
        step(() -> assertThat(handler.handled()).isEmpty());
        step(() -> time.advance(Unreadable.RETRY_INTERVAL));
        steps(4, () -> time.advance(Unreadable.PATIENCE));
        step(() -> {
            assertThat(handler.handled()).containsExactly(0L, 1L);
            assertThat(consumer.paused()).isEmpty();
            assertThat(loop.holdings().unreadable()).isZero();
        });
        run();
    }

    @Test
    void allThatCannotBeReadAreFoundAmongTheOthers() {
        List<TopicPartition> many = IntStream.range(0, 16)
                .mapToObj(partition -> new TopicPartition(A.topic(), partition))
                .toList();
        many.forEach(partition -> consumer.updateBeginningOffsets(Map.of(partition, 0L)));
        step(() -> consumer.rebalance(many));
        step(() -> {
            consumer.damage(many.get(2), 0);
            consumer.damage(many.get(5), 0);
            consumer.damage(many.get(15), 0);
        });
        steps(40, () -> time.advance(Unreadable.PATIENCE));
        step(() -> assertThat(consumer.paused()).containsExactlyInAnyOrder(many.get(2), many.get(5), many.get(15)));
        run();
    }

    @Test
    void whereOneIsAllThatIsOwnedItIsSetAsideAsWell() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.damage(A, 0));
        steps(4, () -> time.advance(Unreadable.PATIENCE));
        step(() -> assertThat(consumer.paused()).containsExactly(A));
        run();
        assertThat(loop.sinceLastTurn()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void whereEveryPollFailsNothingIsSetAside() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> {});
        steps(6, () -> consumer.setPollException(new KafkaException("trouble")));
        steps(4, () -> time.advance(Unreadable.PATIENCE));
        step(() -> {
            assertThat(consumer.paused()).isEmpty();
            assertThat(loop.holdings().unreadable()).isZero();
        });
        run();
    }

    /** A broker that lets nobody in fails for the partitions that it leads, all of which are in order. */
    @Test
    void whereBrokersRefuseNothingIsSetAside() {
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> {});
        steps(3, () -> consumer.setPollException(new SaslAuthenticationException("no")));
        step(() -> assertThat(consumer.paused()).isEmpty());
        run();
    }

    /** It may be described, which is all that taking it over needs. */
    @Test
    void aTopicThatMayNotBeReadStopsAloneAndGoesOnOnceItMay() {
        try (LogLines lines = LogLines.of(PollLoop.class)) {
            TopicPartition another = new TopicPartition(B.topic(), 1);
            consumer.updateBeginningOffsets(Map.of(another, 0L));
            consumer.forbid(B.topic());
            step(() -> consumer.rebalance(List.of(A, B, another)));
            for (int i = 0; i < 8; i++) {
                long next = i;
                step(() -> {
                    consumer.addRecords(A, next, next + 1);
                    assertThat(handler.handled()).hasSize((int) next);
                });
                step(() -> handler.finish(next));
                step(() -> assertThat(committed(A)).isEqualTo(next + 1));
            }
            step(() -> {
                assertThat(consumer.paused()).containsExactlyInAnyOrder(B, another);
                assertThat(board.notes()).isZero();
                time.advance(ProgressSnapshot.INTERVAL);
            });
            step(() -> {
                assertThat(loop.holdings().unreadable()).isEqualTo(2);
                time.advance(Forbidden.RETRY_INTERVAL);
            });
            step(() -> {
                assertThat(consumer.paused()).as("tried in vain").containsExactlyInAnyOrder(B, another);
                consumer.allow(B.topic());
                time.advance(Forbidden.RETRY_INTERVAL);
            });
            step(() -> {
                assertThat(consumer.paused()).isEmpty();
                consumer.addRecords(B, 100, 101);
            });
            step(() -> {});
            step(() -> assertThat(handler.handled()).endsWith(100L));
            run();
            assertThat(loop.holdings().unreadable()).isZero();
            assertThat(lines.ofThisThread()).as("no poll was waited for").isEmpty();
        }
    }

    /** Somebody else may own it, or it may not even be described any more. */
    @Test
    void wherePollsFailForATopicThatIsNotOursTheyAreNotTriedAtOnce() {
        try (LogLines lines = LogLines.of(PollLoop.class)) {
            step(() -> consumer.rebalance(List.of(A)));
            step(() -> consumer.setPollException(new TopicAuthorizationException(Set.of(B.topic()))));
            step(() -> assertThat(consumer.paused()).isEmpty());
            run();
            assertThat(lines.ofThisThread()).hasSize(1);
        }
    }

    /** Health checks have a process restarted whose loop stands still; brokers would refuse the next one as well. */
    @Test
    void whereBrokersRefuseTheLoopDoesNotStandStill() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> {
            time.advance(Duration.ofMinutes(1));
            consumer.setPollException(new SaslAuthenticationException("no"));
        });
        step(() -> {
            assertThat(loop.sinceLastTurn()).isEqualTo(Committer.INTERVAL);
            assertThat(loop.sinceLastPoll()).as("of which an alert tells").isGreaterThan(Duration.ofMinutes(1));
        });
        run();
        assertThat(loop.sinceLastPoll()).isZero();
    }

    @Test
    void whoIsFencedEndsAndLeavesTheGroup() {
        step(() -> consumer.setPollException(new FencedInstanceIdException("fenced")));
        steps.forEach(consumer::schedulePollTask);
        assertThatExceptionOfType(FencedInstanceIdException.class).isThrownBy(loop::run);
        assertThat(consumer.closed()).isTrue();
        time.advance(DRAIN_OF_ANOTHER_LANE);
        assertThat(loop.sinceLastTurn()).as("it has not ended in order").isGreaterThanOrEqualTo(DRAIN_OF_ANOTHER_LANE);
    }

    @Test
    void aStopWaitsForWhatRunsAndCommitsIt() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 3));
        step(() -> handler.finish(0));
        run();
        assertThat(committed(A)).isEqualTo(1);
        assertThat(tally.ended(Ending.RELEASED)).isEqualTo(2);
        assertThat(handler.leftRunning()).isEmpty();
    }

    /** Its process lives on for as long as another lane of it drains. */
    @Test
    void aLoopThatHasEndedOwnsNothingAndDoesNotStandStill() {
        step(() -> consumer.rebalance(List.of(A)));
        steps(2, () -> time.advance(Duration.ofSeconds(1)));
        step(() -> assertThat(loop.positions()).containsOnlyKeys(A));

        run();

        assertThat(loop.positions()).isEmpty();
        assertThat(loop.holdings().lagByType()).isEmpty();
        time.advance(DRAIN_OF_ANOTHER_LANE);
        assertThat(loop.sinceLastTurn()).isZero();
    }

    @Test
    void aRevokedPartitionIsCommittedBeforeItGoes() {
        handler.onRelease(() -> {
            handler.finish(1);
            handler.releaseAll();
        });
        step(() -> consumer.rebalance(List.of(A, B)));
        step(() -> consumer.addRecords(A, 0, 3));
        step(() -> handler.finish(0));
        step(() -> consumer.rebalance(List.of(B)));
        step(() -> {
            assertThat(handler.released()).containsExactly(List.of(A));
            assertThat(handler.leftRunning()).isEmpty();
            assertThat(committed(A)).isEqualTo(2);
            handler.onRelease(() -> {});
        });
        run();
        assertThat(tally.open()).isZero();
    }

    @Test
    void whatStillRunsWhenTheDrainIsOverSaysNothingInALaterAssignment() {
        handler.onRelease(() -> time.advance(HandOver.MOMENT));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> consumer.rebalance(List.of()));
        step(() -> assertThat(tally.ended(Ending.RELEASED)).isEqualTo(2));
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 2));
        step(() -> {
            assertThat(handler.handled()).containsExactly(0L, 1L, 0L, 1L);
            List<Slot> earlier = List.copyOf(handler.open().subList(0, 2));
            earlier.forEach(slot -> slot.close(Ending.DONE));
        });
        step(() -> {});
        step(() -> assertThat(committed(A)).isZero());
        run();
    }

    /** Without its ledger, its records would be polled and dropped, and it would stand still until a restart. */
    @Test
    void aPartitionIsTakenOverAsSoonAsTheBrokersSayWhereItStands() {
        consumer.alreadyCommitted(A, 3, "");
        step(() -> {
            consumer.failCommittedWith(new TimeoutException("slow"), new TimeoutException("slow"));
            consumer.rebalance(List.of(A));
        });
        step(() -> consumer.addRecords(A, 3, 5));
        step(() -> time.advance(TAKEOVER_INTERVAL));
        step(() -> time.advance(TAKEOVER_INTERVAL));
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(3L, 4L));
        run();
    }

    /** The coordinator of another lane's group is away: each question to it takes a second, and fails. */
    @Test
    void whatIsOursGoesOnWhileAPartitionWaitsForAnotherLane() {
        AtomicInteger questions = new AtomicInteger();
        try (LogLines lines = LogLines.of(PollLoop.class)) {
            step(() -> consumer.rebalance(List.of(A)));
            step(() -> consumer.addRecords(A, 0, 10));
            step(() -> {
                predecessorOffsets = (own, taken, commit) -> {
                    questions.incrementAndGet();
                    time.advance(Duration.ofSeconds(1));
                    throw new TimeoutException("no answer within PT1S");
                };
                consumer.rebalance(List.of(A, B));
            });
            long before = time.nanos();
            for (int i = 0; i < 8; i++) {
                long next = i;
                step(() -> {
                    assertThat(committed(A)).isEqualTo(next);
                    handler.finish(next);
                });
            }
            step(() -> {
                assertThat(questions)
                        .as("in %s", Duration.ofNanos(time.nanos() - before))
                        .hasValue(1);
                time.advance(Duration.ofSeconds(10));
            });
            step(() -> {
                assertThat(questions).hasValue(2);
                predecessorOffsets = (own, taken, commit) -> Set.of();
                time.advance(Duration.ofSeconds(10));
            });
            step(() -> consumer.addRecords(B, 0, 1));
            step(() -> {});
            step(() -> assertThat(tally.open()).as("two of A, one of B").isEqualTo(3));
            run();
            assertThat(lines.ofThisThread()).as("no poll has failed").isEmpty();
        }
    }

    /** Of what another lane still runs it writes as it leaves, and that may be read late. */
    @Test
    void whatAnotherLaneHadBeginsWhenWhatItSaidAsItLeftIsKnown() {
        step(() -> {
            predecessorOffsets = (own, taken, commit) -> Set.of(B);
            consumer.rebalance(List.of(A, B));
        });
        step(() -> {
            consumer.addRecords(A, 0, 1);
            consumer.addRecords(B, 5, 6);
        });
        step(() -> {
            assertThat(handler.handled()).as("of A, which nobody had").containsExactly(0L);
            board.holdBarriers();
            predecessorOffsets = (own, taken, commit) -> Set.of();
            time.advance(TAKEOVER_INTERVAL);
        });
        step(() -> time.advance(TAKEOVER_INTERVAL));
        step(() -> {
            assertThat(handler.handled()).as("before B's notes are known").containsExactly(0L);
            board.openBarriers();
        });
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(0L, 5L));
        run();
    }

    /** It gave them up after they had become ours, and before anybody looked whether it had. */
    @Test
    void whatOthersHaveSaidIsAskedForOnlyWhenTheyAreKnownToHaveLeft() {
        step(() -> {
            predecessorOffsets = (own, taken, commit) -> {
                board.holdBarriers();
                return Set.of();
            };
            consumer.rebalance(List.of(A));
        });
        step(() -> consumer.addRecords(A, 0, 1));
        step(() -> {
            assertThat(handler.handled()).isEmpty();
            board.openBarriers();
        });
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(0L));
        run();
    }

    /** Where what was said of some is not answered for long, whoever leaves meanwhile does not make those wait longer. */
    @Test
    void whatIsFreeDoesNotWaitForWhatBecomesFreeLater() {
        board.holdBarriers();
        step(() -> {
            predecessorOffsets = (own, taken, commit) -> Set.of(B);
            consumer.rebalance(List.of(A, B));
        });
        step(() -> {
            consumer.addRecords(A, 0, 1);
            consumer.addRecords(B, 5, 6);
            predecessorOffsets = (own, taken, commit) -> Set.of();
            time.advance(InheritedJobs.PATIENCE);
        });
        step(() -> {});
        step(() -> {
            assertThat(handler.handled()).as("A alone, whose patience is over").containsExactly(0L);
            board.openBarriers();
        });
        step(() -> {});
        step(() -> assertThat(handler.handled()).containsExactly(0L, 5L));
        run();
    }

    /** An unclean election: the client goes back to where the present log parts from the one that it has read. */
    @Test
    void noCommitPassesWhatIsOpenBelowTheEndThatALogHasLost() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 100));
        step(() -> handler.finish(
                LongStream.range(0, 100).filter(offset -> offset != 10).toArray()));
        step(() -> {
            assertThat(committed(A)).isEqualTo(10);
            consumer.seek(A, 50);
            consumer.addRecords(A, 50, 52);
        });
        step(() -> {
            assertThat(handler.handled()).endsWith(99L, 50L, 51L);
            assertThat(committed(A)).isEqualTo(10);
            assertThat(CommitMetadata.decode(10, metadata(A)))
                    .as("those that stand from 50 on are others")
                    .hasToString("finished [11, 50)");
            handler.finish(50, 51);
        });
        step(() -> {
            assertThat(committed(A)).isEqualTo(10);
            handler.finish(10);
        });
        step(() -> assertThat(committed(A)).isEqualTo(52));
        run();
        assertThat(tally.ended(Ending.DONE)).isEqualTo(102);
        assertThat(tally.open()).isZero();
    }

    @Test
    void whatRunsOfTheEndThatALogHasLostSaysNothingOfWhatStandsThereNow() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 8));
        step(() -> handler.finish(0, 1, 2, 4, 5, 6));
        step(() -> {
            consumer.seek(A, 5);
            consumer.addRecords(A, 5, 8);
        });
        step(() -> {
            assertThat(tally.ended(Ending.RELEASED)).as("the old record at 7").isEqualTo(1);
            assertThat(tally.open()).as("3, and the new ones from 5 on").isEqualTo(4);
            handler.finish(3, 5, 6);
            handler.finish(7);
        });
        step(() -> {
            assertThat(committed(A)).as("the new record at 7 is open").isEqualTo(7);
            handler.finish(7);
        });
        step(() -> assertThat(committed(A)).isEqualTo(8));
        run();
        assertThat(tally.open()).isZero();
    }

    /** Its topic was made anew, or its end was lost with a broker: the client starts again at the earliest record. */
    @Test
    void aPartitionWhoseOffsetsBeginAnewIsReadFromThere() {
        step(() -> consumer.rebalance(List.of(A)));
        step(() -> consumer.addRecords(A, 0, 100));
        step(() -> handler.finish(LongStream.range(0, 99).toArray()));
        step(() -> {
            assertThat(committed(A)).isEqualTo(99);
            consumer.seek(A, 0);
            consumer.addRecords(A, 0, 2);
        });
        step(() -> {
            assertThat(handler.handled()).endsWith(99L, 0L, 1L);
            handler.finish(99);
        });
        step(() -> handler.finish(0));
        step(() -> assertThat(committed(A)).isEqualTo(1));
        run();
        assertThat(tally.open()).isZero();
    }

    private PollLoop loop(Duration drainTimeout) {
        PollLoop.Parts parts = new PollLoop.Parts(
                () -> consumer,
                pollSizeGuard,
                TOPICS,
                (own, taken, commit) -> predecessorOffsets.settle(own, taken, commit),
                settings(Set.of(), Set.of()),
                strays,
                new FleetNotes(board.join("here", "1"), board),
                new Lease(time, Duration.ofHours(1)),
                drainTimeout);
        return new PollLoop(parts, handler, tally, time);
    }

    private static PollLoop.Settings settings(Set<String> excluded, Set<String> pools) {
        return new PollLoop.Settings(
                TOPICS.allBut(excluded).pattern(), new FlowControl(10, 3L * ENOUGH_BYTES / 2), pools);
    }

    private void weigh(int bytes) {
        pollSizeGuard.deserialize(A.topic(), new byte[bytes]);
    }

    private void step(Runnable step) {
        steps.add(step);
    }

    private void steps(int count, Runnable each) {
        IntStream.range(0, count).forEach(ignored -> step(each));
    }

    private void run() {
        List<Throwable> failed = new ArrayList<>();
        for (Runnable step : steps) {
            consumer.schedulePollTask(() -> {
                time.advance(Committer.INTERVAL);
                try {
                    step.run();
                } catch (AssertionError e) {
                    failed.add(e);
                }
            });
        }
        consumer.schedulePollTask(loop::stop);
        loop.run();
        assertThat(failed).isEmpty();
    }

    private long committed(TopicPartition partition) {
        return consumer.commits().stream()
                .filter(commit -> commit.containsKey(partition))
                .mapToLong(commit -> commit.get(partition).offset())
                .reduce(0, (before, last) -> last);
    }

    private String metadata(TopicPartition partition) {
        return consumer.commits().stream()
                .filter(commit -> commit.containsKey(partition))
                .map(commit -> commit.get(partition).metadata())
                .reduce("", (before, last) -> last);
    }

    /** The metadata of a commit at {@code committed}, where everything from {@code from} to {@code to} is finished. */
    private static String finishedAbove(long committed, long from, long to) {
        PartitionLedger earlier = new PartitionLedger(committed, FinishedAbove.NOTHING, slot -> {}, new Totals());
        for (long offset = committed; offset < from; offset++) {
            Slot unused = earlier.open(offset, 0);
        }
        earlier.moveTo(to);
        return CommitMetadata.encode(committed, earlier.finishedAbove(), CommitMetadata.DEFAULT_MAX_CHARS);
    }
}
