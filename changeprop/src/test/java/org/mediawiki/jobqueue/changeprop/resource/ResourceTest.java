package org.mediawiki.jobqueue.changeprop.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.Configuration;

class ResourceTest {

    @Test
    void readsWhatLiesBesideAClassOrAtTheRoot() {
        assertThat(Resource.text(Configuration.class, "schema.json")).startsWith("{");
        assertThat(Resource.text(Resource.class, "/openapi.yaml")).contains("openapi: ");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Resource.bytes(Configuration.class, "schema.yaml"))
                .withMessage("/org/mediawiki/jobqueue/changeprop/config/schema.yaml is not on the class path");
        assertThatIllegalStateException()
                .isThrownBy(() -> Resource.bytes(Configuration.class, "/nothing"))
                .withMessage("/nothing is not on the class path");
    }
}
