package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ProducingTest {

    @Test
    void aLoadThatEndsTooSoonIsNoLoad() {
        Producing producing = Producing.start(() -> {
            throw new IllegalArgumentException("no room");
        });
        Awaitility.await().until(() -> !producing.isUnderWay());

        assertThatIllegalStateException().isThrownBy(producing::requireAll).withMessageContaining("no room");
    }

    @Test
    void oneThatEndsInTimeIs() throws Exception {
        Producing producing = Producing.start(() -> {});
        Awaitility.await().until(() -> !producing.isUnderWay());

        producing.end();

        assertThatCode(producing::requireAll).doesNotThrowAnyException();
    }
}
