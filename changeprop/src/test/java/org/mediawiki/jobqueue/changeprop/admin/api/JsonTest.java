package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;

class JsonTest {

    /** In a rolling upgrade instances of two versions ask each other. */
    @Test
    void aListOfWhichAnOlderInstanceSaysNothingIsEmpty() throws JsonProcessingException {
        String older = """
                {"instance": "a", "version": "1", "started": null, "admin": null, "lanes": ["main"], "running": 3,
                 "troubles": [], "of_a_later_version": 1}
                """;

        InstanceStatus read = Json.MAPPER.readValue(older, InstanceStatus.class);

        assertThat(read.notices()).isEmpty();
        assertThat(read.lanes()).containsExactly("main");
    }
}
