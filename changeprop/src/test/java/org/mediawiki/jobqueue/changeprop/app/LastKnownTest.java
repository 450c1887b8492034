package org.mediawiki.jobqueue.changeprop.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.fleet.Identity;
import org.mediawiki.jobqueue.changeprop.fleet.Instance;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.LaneState;
import org.mediawiki.jobqueue.changeprop.fleet.InstanceState.TypeState;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;

/** How an instance is shown that cannot be asked. */
class LastKnownTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:09Z");
    private static final Instance WHO = new Instance(
            new Identity("silent", "1"),
            Instant.parse("2026-01-01T00:00:00Z"),
            "1.0",
            "host",
            "10.0.0.1:9102",
            List.of("main", "gone"));

    private final LastKnown lastKnown =
            new LastKnown(LaneConfiguration.of("main: {concurrency: 90, jobs: {cdnPurge: {concurrency: 40}}}"), NOW);

    @Test
    void whatItRanStillCountsForTheFleet() {
        Status status = lastKnown.of(WHO, Optional.of(state("main", "cdnPurge")), "it does not answer: closed");

        assertThat(status.instances()).singleElement().satisfies(instance -> {
            assertThat(instance.instance()).isEqualTo("silent");
            assertThat(instance.started()).isEqualTo(WHO.started());
            assertThat(instance.admin()).hasToString("http://10.0.0.1:9102");
            assertThat(instance.running()).isEqualTo(5);
            assertThat(instance.troubles())
                    .containsExactly("it does not answer: closed; shown is what it said 4 s ago");
        });
        assertThat(status.lanes()).singleElement().satisfies(lane -> {
            assertThat(lane.concurrency()).isEqualTo(90);
            assertThat(lane.running()).isEqualTo(5);
            assertThat(lane.heldWikis()).isEqualTo(1);
            assertThat(lane.delayed()).isEqualTo(2);
            assertThat(lane.breaker().phase()).isEqualTo("half_open");
        });
        assertThat(status.types()).singleElement().satisfies(type -> {
            assertThat(type.limits().concurrency()).isEqualTo(40);
            assertThat(type.use()).isEqualTo(new Use(5, 7, 112, 0, 0, 0, 90, true));
            assertThat(type.breaker())
                    .isNotNull()
                    .satisfies(breaker -> assertThat(breaker.phase()).isEqualTo("open"));
        });
    }

    @Test
    void aLaneThatTheFilePausesIsShownAsPaused() {
        Status status = new LastKnown(LaneConfiguration.of("main: {paused: true}"), NOW)
                .of(WHO, Optional.of(state("main", "cdnPurge")), "why");

        assertThat(status.lanes())
                .singleElement()
                .satisfies(lane -> assertThat(lane.paused()).isTrue());
    }

    /** The configuration may have changed, and the silent one may be of another version. */
    @Test
    void ofWhatIsNotConfiguredHereNothingIsShown() {
        Status otherLane = lastKnown.of(WHO, Optional.of(state("gone", "cdnPurge")), "why");
        Status otherType = new LastKnown(LaneConfiguration.of("main: {}, video: {jobs: {cdnPurge: {}}}"), NOW)
                .of(WHO, Optional.of(state("video", "other")), "why");

        assertThat(otherLane.lanes()).isEmpty();
        assertThat(otherLane.types()).isEmpty();
        assertThat(otherType.types()).isEmpty();
        assertThat(otherType.instances())
                .singleElement()
                .satisfies(instance -> assertThat(instance.running()).isEqualTo(5));
    }

    @Test
    void whoHasSaidNothingYetIsShownWithTheReason() {
        Status status = lastKnown.of(WHO, Optional.empty(), "it does not answer: closed");

        assertThat(status.instances()).singleElement().satisfies(instance -> {
            assertThat(instance.running()).isZero();
            assertThat(instance.troubles()).containsExactly("it does not answer: closed");
        });
    }

    private static InstanceState state(String lane, String type) {
        return new InstanceState(
                NOW.minusSeconds(4),
                List.of(new LaneState(
                        lane,
                        "half_open",
                        1,
                        2,
                        List.of(new TypeState(type, 5, 7, 100, true, "open", Duration.ofSeconds(90))))));
    }
}
