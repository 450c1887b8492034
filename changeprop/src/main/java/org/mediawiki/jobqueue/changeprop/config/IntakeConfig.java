package org.mediawiki.jobqueue.changeprop.config;

import java.util.Set;

/** The port that MediaWiki's EventBus extension posts events to (SPEC section 3, intake). */
public record IntakeConfig(
        @Setting(value = "Whether this process takes events; dev and standalone do in any case.", byDefault = "false")
        boolean enabled,

        @Setting(value = "Address to listen on; 0.0.0.0 for every one.", byDefault = "127.0.0.1")
        String host,

        @Setting(value = "Port to listen on; 0 takes a free one.", byDefault = "8192", min = 0, max = 65_535)
        int port,

        @Setting(
                value = "Streams that are taken besides mediawiki.job.*, by their full names.",
                byDefault = "[]",
                form = TextForm.NAME)
        Set<String> streams) {

    public IntakeConfig {
        streams = Ordered.copy(streams);
    }
}
