package org.mediawiki.jobqueue.changeprop.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.control.Knob.Kind;

class ControlTopicTest {

    private static final Knob KNOB = new Knob(Kind.TYPE_CONCURRENCY, "refreshLinks");

    private final Topic topic = new Topic();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int changes;

    @Test
    void whatOneInstanceSetsAnotherKnows() {
        ControlTopic one = open();
        ControlTopic other = open();
        OperatorOverride override = override("7", Optional.empty());

        one.set(override).join();

        assertThat(other.list()).containsExactly(override);
        assertThat(changes).as("each was told").isEqualTo(2);
    }

    @Test
    void whoStartsLaterKnowsWhatWasSet() {
        open().set(override("7", Optional.empty())).join();

        assertThat(open().list()).hasSize(1);
    }

    @Test
    void anOverrideThatIsOverIsNotInForceAndIsRemovedLater() {
        ControlTopic control = open();
        control.set(override("7", Optional.of(now.plusSeconds(10)))).join();
        now = now.plusSeconds(10);
        assertThat(control.list()).isEmpty();

        control.sweep();
        assertThat(topic.values).as("clocks differ").hasSize(1);
        now = now.plus(ControlTopic.KEEP);
        control.sweep();
        assertThat(topic.values).isEmpty();
    }

    @Test
    void toClearIsToLetItEndNowSoThatAllHearOfIt() {
        ControlTopic one = open();
        ControlTopic other = open();
        one.set(override("7", Optional.empty())).join();
        changes = 0;

        other.clear(KNOB, "you", "it is over").join();

        assertThat(one.list()).isEmpty();
        assertThat(other.list()).isEmpty();
        assertThat(changes).isEqualTo(2);
        OperatorOverride ended = OverrideCodec.decode(KNOB, topic.valueOf(KNOB));
        assertThat(ended.by()).isEqualTo("you");
        assertThat(ended.reason()).isEqualTo("it is over");
    }

    @Test
    void clearingWhatIsNotSetWritesNothing() {
        open().clear(KNOB, "you", "why").join();

        assertThat(topic.values).isEmpty();
    }

    /** An instance swept what was over while another set the knob anew. */
    @Test
    void aRemovalThatComesTooLateIsUndone() {
        ControlTopic control = open();
        OperatorOverride override = override("7", Optional.of(now.plus(Duration.ofHours(1))));
        control.set(override).join();

        topic.write(KNOB.key(), null);

        assertThat(control.list()).containsExactly(override);
        assertThat(OverrideCodec.decode(KNOB, topic.valueOf(KNOB))).isEqualTo(override);
    }

    @Test
    void whatCannotBeReadDoesNotHold() {
        ControlTopic control = open();
        control.set(override("7", Optional.empty())).join();

        topic.write(KNOB.key(), "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(control.list()).isEmpty();
    }

    @Test
    void whatLaterVersionsSetIsLeftAlone() {
        ControlTopic control = open();

        topic.write("type/refreshLinks/mood", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(control.list()).isEmpty();
        assertThat(changes).isZero();
    }

    private ControlTopic open() {
        ControlTopic control = new ControlTopic(topic::open, () -> now, () -> changes++);
        control.start().join();
        return control;
    }

    private OperatorOverride override(String value, Optional<Instant> until) {
        return new OperatorOverride(KNOB, value, "me", "why", now, until);
    }

    /** A compacted topic whose readers are told at once. */
    private static final class Topic {

        private final Map<String, byte[]> values = new LinkedHashMap<>();
        private final List<Bulletin.Listener> readers = new ArrayList<>();

        byte[] valueOf(Knob knob) {
            return values.getOrDefault(knob.key(), new byte[0]);
        }

        void write(String key, byte @Nullable [] value) {
            if (value == null) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
            readers.forEach(reader -> reader.told(key, value, Instant.EPOCH));
        }

        Channel open(Bulletin.Listener listener) {
            return new Channel() {
                @Override
                public void start() {
                    values.forEach((key, value) -> listener.told(key, value, Instant.EPOCH));
                    readers.add(listener);
                }

                @Override
                public CompletableFuture<Void> caughtUp() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletableFuture<Void> write(String key, byte @Nullable [] value) {
                    Topic.this.write(key, value);
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {
                    readers.remove(listener);
                }
            };
        }
    }
}
