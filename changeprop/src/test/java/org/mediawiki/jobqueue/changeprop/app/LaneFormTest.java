package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.consume.PollLoop;
import org.mediawiki.jobqueue.changeprop.topic.Topics;

/** What a change of the configuration means to a lane that runs. */
class LaneFormTest {

    private static final long BYTES = 1 << 20;
    private static final Topics TOPICS = new Topics("eqiad", "cpjobqueue");

    @Test
    void ofATypeThatAnotherLaneRunsNowNothingStarts() {
        LaneForm main = form("main: {low_traffic: {}}, other: {jobs: {cdnPurge: {retry: {limit: 7}}}}");

        assertThat(main.settings(BYTES).types().apply("cdnPurge").paused()).isTrue();
        assertThat(main.settings(BYTES).types().apply("refreshLinks").paused()).isFalse();
    }

    @Test
    void whatStillRunsOfItFailsByTheRulesOfTheOtherLane() {
        LaneForm main = form("main: {low_traffic: {}}, other: {jobs: {cdnPurge: {retry: {limit: 7}}}}");

        assertThat(main.rule("cdnPurge").retry().limit()).isEqualTo(7);
        assertThat(main.rule("cdnPurge").name()).isEqualTo("cdnPurge");
    }

    @Test
    void whatStillRunsOfATypeThatNobodyRunsNowFailsByTheRulesOfItsLane() {
        LaneForm main = form("main: {low_traffic: {}, exclude: [cdnPurge], retry: {limit: 5}}");

        assertThat(main.settings(BYTES).types().apply("cdnPurge").paused()).isTrue();
        assertThat(main.rule("cdnPurge").retry().limit()).isEqualTo(5);
    }

    @Test
    void aPausedLaneIsOne() {
        LaneForm paused = form("main: {paused: true}");

        assertThat(paused.settings(BYTES).paused()).isTrue();
        assertThat(paused.isPaused()).isTrue();
    }

    /** Nothing of it starts here either; but nobody has to resume it. */
    @Test
    void aTypeThatAnotherLaneRunsNowIsPausedByNobody() {
        LaneForm main =
                form("main: {low_traffic: {}, jobs: {refreshLinks: {paused: true}}}, other: {jobs: {cdnPurge: {}}}");

        assertThat(main.pauses("refreshLinks")).isTrue();
        assertThat(main.pauses("sendMail")).isFalse();
        assertThat(main.pauses("cdnPurge")).isFalse();
        assertThat(form("main: {low_traffic: {paused: true}}").pauses("sendMail"))
                .isTrue();
    }

    /** What a group must hear of, and what it need not. */
    @Test
    void aLimitMovesNoTopicsButAnEntryOfItsOwnDoes() {
        PollLoop.Settings before = pollSettings("main: {jobs: {cdnPurge: {concurrency: 3}}}");

        assertThat(pollSettings("main: {jobs: {cdnPurge: {concurrency: 9}}}")).isEqualTo(before);
        assertThat(pollSettings("main: {jobs: {cdnPurge: {}, refreshLinks: {}}}")
                        .pools())
                .isNotEqualTo(before.pools());
        assertThat(pollSettings("main: {concurrency: 9, jobs: {cdnPurge: {}}}").pools())
                .isNotEqualTo(before.pools());
        assertThat(pollSettings("main: {jobs: {cdnPurge: {}}, exclude: [refreshLinks]}")
                        .topicPattern())
                .isNotEqualTo(before.topicPattern());
    }

    /** New connections are not free. */
    @Test
    void aLimitThatChangesALittleChangesNothingAboutTheTarget() {
        assertThat(form("main: {jobs: {cdnPurge: {concurrency: 9}}}").target())
                .isEqualTo(form("main: {jobs: {cdnPurge: {concurrency: 40}}}").target());
        assertThat(form("main: {jobs: {cdnPurge: {concurrency: 3000}}}")
                        .target()
                        .connections()
                        .max())
                .isGreaterThanOrEqualTo(3050);
    }

    private static PollLoop.Settings pollSettings(String lanes) {
        return form(lanes).pollSettings(TOPICS, BYTES);
    }

    private static LaneForm form(String lanes) {
        return new LaneForm(LaneConfiguration.of(lanes), "main");
    }
}
