package org.mediawiki.jobqueue.loadtest.standin;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's certificate, and the authority that clients are told to trust; made anew each time, with keys that
 * never leave this process.
 *
 * @param caPem the authority's certificate
 * @param chainPem the server's certificate and what leads to its authority
 * @param keyPem the server's private key
 */
public record StandInCertificate(String caPem, String chainPem, String keyPem) {

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LIFE = Duration.ofDays(365);

    /** Good for {@code localhost}, {@code 127.0.0.1} and these names. */
    public static StandInCertificate good(Clock clock, String... furtherNames) {
        List<String> names = new ArrayList<>(LOOPBACK);
        names.addAll(List.of(furtherNames));
        return issue(names, clock.instant().minus(DAY), LIFE);
    }

    /** Of an authority other than the one that clients are told to trust. */
    public static StandInCertificate ofAnotherAuthority(Clock clock) {
        StandInCertificate served = good(clock);
        return new StandInCertificate(good(clock).caPem(), served.chainPem(), served.keyPem());
    }

    /** For another host than the one it is served by. */
    public static StandInCertificate forAnotherHost(Clock clock) {
        return issue(List.of("elsewhere.invalid"), clock.instant().minus(DAY), LIFE);
    }

    /** Expired a day ago. */
    public static StandInCertificate expired(Clock clock) {
        return issue(LOOPBACK, clock.instant().minus(LIFE).minus(DAY), LIFE);
    }

    @Override
    public String toString() {
        return "StandInCertificate[its key is not shown]";
    }

    private static StandInCertificate issue(List<String> names, Instant from, Duration life) {
        try {
            X509Bundle authority = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=Stand-in authority")
                    .notBefore(from)
                    .notAfter(from.plus(life))
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            CertificateBuilder server = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + names.get(0))
                    .notBefore(from)
                    .notAfter(from.plus(life))
                    .addExtendedKeyUsageServerAuth();
            names.forEach(name -> addName(server, name));
            X509Bundle served = server.buildIssuedBy(authority);
            return new StandInCertificate(
                    authority.getCertificatePEM(), served.getCertificatePathPEM(), served.getPrivateKeyPEM());
        } catch (Exception e) {
            throw new IllegalStateException("no certificate for " + names, e);
        }
    }

    private static void addName(CertificateBuilder certificate, String name) {
        boolean isAddress = name.matches("[0-9.]+|.*:.*");
        if (isAddress) {
            certificate.addSanIpAddress(name);
        } else {
            certificate.addSanDnsName(name);
        }
    }
}
