package org.mediawiki.jobqueue.loadtest.observe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeededTest {

    private final Needed needed = new Needed(Set.of("prometheus"));

    @Test
    void whatIsThereIsUsedWhoeverInstalledIt() {
        assertThatCode(() -> needed.require("prometheus", true, "no promtool")).doesNotThrowAnyException();
        assertThatCode(() -> needed.require("chromium", true, "no browser")).doesNotThrowAnyException();
    }

    @Test
    void whatNobodyInstalledSkipsTheTest() {
        assertThatThrownBy(() -> needed.require("chromium", false, "no browser"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no browser");
    }

    @Test
    void whatWasInstalledAndIsNotThereFailsTheTest() {
        assertThatThrownBy(() -> needed.require("prometheus", false, "no promtool"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no promtool")
                .hasMessageContaining("jobqueue.installed");
    }
}
