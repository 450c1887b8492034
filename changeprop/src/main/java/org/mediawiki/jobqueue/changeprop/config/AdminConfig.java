package org.mediawiki.jobqueue.changeprop.config;

import org.jspecify.annotations.Nullable;

/** The port for operators (SPEC section 8). */
public record AdminConfig(
        @Setting(value = "Address to listen on; 0.0.0.0 for every one.", byDefault = "127.0.0.1")
        String host,

        @Setting(value = "Port to listen on; 0 takes a free one.", byDefault = "9102", min = 0, max = 65_535)
        int port,

        @Setting("Bearer token that changes need; absent: nothing can be changed over this port.") @Nullable
        Secret token,

        @Setting(
                value = "Whether the API and the console need the token for looking, too; /metrics, /healthz, /readyz"
                        + " and /startedz never do.",
                byDefault = "false")
        boolean protectReads) {}
