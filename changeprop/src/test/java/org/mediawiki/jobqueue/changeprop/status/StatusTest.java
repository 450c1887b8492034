package org.mediawiki.jobqueue.changeprop.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Limits;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;

class StatusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void addsUpWhatTheInstancesRunAndKeepsTheWorst() {
        Status one = status("a", type(3, 7, "closed", Map.of("done 200", 4L)));
        Status other = status("b", type(2, 7, "open", Map.of("done 200", 1L, "dead 400", 9L)));

        Status both = one.with(List.of(other));

        assertThat(both.instances()).extracting(InstanceStatus::instance).containsExactly("a", "b");
        TypeStatus type = both.types().get(0);
        assertThat(both.types()).hasSize(1);
        assertThat(type.use().running()).isEqualTo(5);
        assertThat(type.use().dead()).isEqualTo(7);
        assertThat(type.breaker()).extracting(BreakerStatus::phase).isEqualTo("open");
        assertThat(type.hour().done()).isEqualTo(10);
        assertThat(type.statuses()).containsEntry("done 200", 5L).containsEntry("dead 400", 9L);
    }

    @Test
    void theSameTypeInTwoLanesIsTwo() {
        TypeStatus main = type(1, 0, "closed", Map.of());
        TypeStatus video = new TypeStatus(
                "video", main.type(), main.limits(), main.use(), null, main.minute(), main.hour(), Map.of());

        assertThat(status("a", main).with(List.of(status("b", video))).types()).hasSize(2);
    }

    private static Status status(String instance, TypeStatus type) {
        InstanceStatus self = new InstanceStatus(instance, "1", NOW, null, List.of("main"), 0, List.of(), List.of());
        return new Status(NOW, "s", "dc", instance, List.of(self), List.of(), List.of(type));
    }

    private static TypeStatus type(long running, long dead, String phase, Map<String, Long> statuses) {
        return new TypeStatus(
                "main",
                "refreshLinks",
                new Limits("refreshLinks", 5, null, null, null, 0, false, 60, 2),
                new Use(running, 0, 0, 0, 0, dead, 0, false),
                new BreakerStatus(phase, "", NOW, List.of()),
                Window.NOTHING,
                new Window(5, 0, 0, 0, 0, 0, 0),
                statuses);
    }
}
