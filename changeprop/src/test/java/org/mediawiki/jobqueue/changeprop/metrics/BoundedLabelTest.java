package org.mediawiki.jobqueue.changeprop.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedLabelTest {

    private final BoundedLabel label = new BoundedLabel(3);

    @Test
    void thoseThatComeFirstHaveTheirOwnAndAllOthersShareOne() {
        assertThat(List.of(label.of("a"), label.of("b"), label.of("c"), label.of("d"), label.of("e")))
                .containsExactly("a", "b", "c", "other", "other");
        assertThat(label.of("b")).as("as before").isEqualTo("b");
    }

    @Test
    void thoseThatAreKeptHaveTheirOwnWhateverCameBefore() {
        List.of("a", "b", "c", "d").forEach(label::of);

        label.keep(List.of("d"));

        assertThat(label.of("d")).isEqualTo("d");
        assertThat(label.of("e")).isEqualTo("other");
    }

    @Test
    void theBoundIsExactWhoeverComesAtTheSameTime() {
        Set<String> labels = IntStream.range(0, 10_000)
                .parallel()
                .mapToObj(i -> label.of("type-" + i))
                .collect(Collectors.toSet());

        assertThat(labels).hasSize(3 + 1).contains("other");
    }
}
