package org.mediawiki.jobqueue.runner.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mediawiki.jobqueue.runner.http.TargetSettings.TlsFiles;

/** A runner that offers HTTP/2 and HTTP/1.1 over TLS, with a certificate that its {@link #settings} trust. */
final class TlsRunner {

    private final TestRunner runner;
    private final Path ca;

    TlsRunner(Vertx vertx, Handler<HttpServerRequest> answer) throws Exception {
        this(vertx, new Http2Settings().setMaxConcurrentStreams(100), answer);
    }

    TlsRunner(Vertx vertx, Http2Settings http2, Handler<HttpServerRequest> answer) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=Ours")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=runner")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        this.ca = Files.createTempFile("ca", ".pem");
        Files.writeString(ca, authority.getCertificatePEM());
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setInitialSettings(http2)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
                        .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM())));
        this.runner = new TestRunner(vertx, options, answer);
    }

    /** Room for ten requests at once. */
    TargetSettings settings() {
        return runner.settings().with(new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()));
    }

    int connections() {
        return runner.connections.get();
    }

    int openConnections() {
        return runner.openConnections.get();
    }

    int requests() {
        return runner.received.size();
    }

    void deleteFiles() {
        try {
            Files.deleteIfExists(ca);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
