package org.mediawiki.jobqueue.runner.http;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Words what went wrong in a TLS handshake: the JDK hides it three exceptions deep. */
final class TlsTrouble {

    /**
     * Alerts of RFC 8446, section 6.2, that end a handshake, as BoringSSL words them: it has no exception of its own for one that
     * comes when our side of the handshake is complete. About a certificate, or of one that is missing.
     */
    private static final Pattern REFUSAL =
            Pattern.compile("_ALERT_[A-Z_]*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)");

    private TlsTrouble() {}

    static boolean isIn(Throwable failure) {
        return Causes.find(failure, SSLException.class).isPresent()
                || Causes.find(failure, GeneralSecurityException.class).isPresent()
                || Causes.find(failure, NotSslRecordException.class).isPresent();
    }

    /** Whether the peer has ended the handshake, even if after our side of it was complete. */
    static boolean isRefusal(Throwable failure) {
        return Causes.find(failure, SSLHandshakeException.class).isPresent()
                || Causes.find(failure, SSLException.class)
                        .filter(e -> REFUSAL.matcher(Causes.message(e)).find())
                        .isPresent();
    }

    /** @param peer the target's host and port */
    static String describe(Throwable failure, String peer) {
        String detail = " (" + Causes.message(Causes.deepest(failure)) + ")";
        if (Causes.find(failure, CertificateExpiredException.class).isPresent()) {
            return "TLS: certificate of " + peer + " has expired" + detail;
        } else if (Causes.find(failure, CertificateNotYetValidException.class).isPresent()) {
            return "TLS: certificate of " + peer + " is not valid yet" + detail;
        } else if (Causes.find(failure, CertPathBuilderException.class).isPresent()) {
            return "TLS: certificate of " + peer + " is signed by an unknown authority" + detail;
        } else if (isForAnotherHost(failure)) {
            return "TLS: certificate of " + peer + " is for another host" + detail;
        } else if (Causes.find(failure, NotSslRecordException.class).isPresent()) {
            return "TLS: " + peer + " does not speak TLS";
        } else {
            return "TLS: handshake with " + peer + " failed" + detail;
        }
    }

    /** The JDK has no exception of its own for this, only these words. */
    private static boolean isForAnotherHost(Throwable failure) {
        return Causes.find(failure, CertificateException.class)
                .map(Causes::message)
                .filter(words -> words.contains("No subject alternative") || words.contains("No name matching"))
                .isPresent();
    }
}
