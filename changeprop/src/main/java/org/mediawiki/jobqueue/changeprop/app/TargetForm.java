package org.mediawiki.jobqueue.changeprop.app;

import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.TargetConfig;
import org.mediawiki.jobqueue.changeprop.config.TlsConfig;
import org.mediawiki.jobqueue.runner.http.TargetSettings;

/** What the configuration says of a target, in the terms of the client that sends to it. Pure. */
final class TargetForm {

    private TargetForm() {}

    /** A target for {@code connections} requests at once. */
    static TargetSettings of(String name, TargetConfig target, int connections) {
        return new TargetSettings(
                name,
                target.uri(),
                new TargetSettings.Requests(
                        TargetSettings.Protocol.valueOf(target.protocol().name()),
                        TargetSettings.HostHeader.valueOf(target.hostHeader().name()),
                        target.userAgent(),
                        TargetSettings.Requests.DEFAULT.maxAnswerBytes()),
                new TargetSettings.Connections(
                        connections,
                        target.connectTimeout(),
                        target.maxConnectionAge(),
                        TargetSettings.Http2.valueOf(target.http2().name())),
                tls(target.tls()));
    }

    private static TargetSettings.TlsFiles tls(TlsConfig tls) {
        return new TargetSettings.TlsFiles(
                Optional.ofNullable(tls.ca()), Optional.ofNullable(tls.certificate()), Optional.ofNullable(tls.key()));
    }
}
