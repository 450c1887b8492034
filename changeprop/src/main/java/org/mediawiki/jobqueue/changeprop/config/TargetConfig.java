package org.mediawiki.jobqueue.changeprop.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A place that runs jobs (SPEC section 3, request to the runner). */
public record TargetConfig(
        @Setting("Where jobs are posted, such as https://mw-jobrunner.example.org:4448/rpc/RunSingleJob.php."
                + " TLS is verified against this host. Absent: `server_group` and `path` say it.")
        URI uri,

        @Setting("In place of `uri`: one of `server_groups`, whose host and port are used, over TLS.") @Nullable
        String serverGroup,

        @Setting(
                value = "With `server_group`: what is asked for there.",
                byDefault = "/rpc/RunSingleJob.php",
                form = TextForm.URI_PATH)
        String path,

        @Setting(
                value = "rpc: the job endpoint rpc/RunSingleJob.php; rest: the endpoint of the EventBus extension,"
                        + " /w/rest.php/eventbus/v0/internal/job/execute.",
                byDefault = "rpc")
        Protocol protocol,

        @Setting(
                value = "How long one attempt may take. The runner does not stop when we hang up, so keep this above"
                        + " its own limit (1,202.5 s at Wikimedia), else jobs run twice.",
                byDefault = "1210s")
        Duration timeout,

        @Setting(value = "How long a connection may take to be made, TLS included.", byDefault = "5s")
        Duration connectTimeout,

        @Setting(
                value = "Connections older than this are closed after their request, so that a change of the name's"
                        + " addresses is followed.",
                byDefault = "5m")
        Duration maxConnectionAge,

        @Setting(
                value = "The Host header: domain takes the event's meta.domain, uri the host of the URI.",
                byDefault = "domain")
        HostHeader hostHeader,

        @Setting(value = "auto: HTTP/2 where the target offers it by ALPN; off: HTTP/1.1.", byDefault = "auto")
        Http2 http2,

        @Setting(value = "The User-Agent header.", byDefault = "ChangePropagation-JobQueue/WMF")
        String userAgent,

        @Setting(value = "Whom to trust, and who we are.", byDefault = "{}")
        TlsConfig tls) {

    /** How jobs are put to the target. */
    public enum Protocol {
        RPC,
        REST
    }

    /** Where the Host header comes from. */
    public enum HostHeader {
        DOMAIN,
        URI
    }

    /** Whether HTTP/2 is offered. */
    public enum Http2 {
        AUTO,
        OFF
    }
}
