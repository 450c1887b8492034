package org.mediawiki.jobqueue.changeprop.config;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The port that MediaWiki's EventBus extension posts events to (SPEC section 3, intake). */
public record IntakeConfig(
        @Setting(
                value = "Whether this process takes events; standalone does in any case, and refuses false.",
                byDefault = "false")
        boolean enabled,

        @Setting(value = "Address to listen on; 0.0.0.0 for every one.", byDefault = "127.0.0.1")
        String host,

        @Setting(value = "Port to listen on; 0 takes a free one.", byDefault = "8192", min = 0, max = 65_535)
        int port,

        @Setting(
                value = "Streams that are taken besides mediawiki.job.*, by their full names.",
                byDefault = "[]",
                form = TextForm.NAME)
        Set<String> streams,

        @Setting(
                value = "Addresses and networks that may post, such as 10.2.0.0/16; none: whoever reaches the port.",
                byDefault = "[]",
                form = TextForm.NETWORK)
        Set<String> allow,

        @Setting("Secret that clients must send as the password in the URL, or as a bearer token; absent: none.")
        @Nullable
        Secret secret,

        @Setting(
                value = "How long a post may wait until its events are safe; keep it below the timeout of MediaWiki's"
                        + " $wgEventServices (5 s in the extension's defaults).",
                byDefault = "4s")
        Duration patience,

        @Setting(value = "The largest body that is read; a larger one is answered 413.", byDefault = "10MiB")
        DataSize maxBody,

        @Setting(
                value = "The most events in one post; more are answered 413.",
                byDefault = "20000",
                min = 1,
                max = 1_000_000)
        int maxEvents,

        @Setting(value = "Connections that ask for nothing are closed after this time.", byDefault = "60s")
        Duration idleTimeout,

        @Setting(value = "Whether the port speaks TLS.", byDefault = "{}")
        ServerTlsConfig tls) {

    public IntakeConfig {
        streams = Ordered.copy(streams);
        allow = Ordered.copy(allow);
    }
}
