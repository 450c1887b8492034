package org.mediawiki.jobqueue.runner.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a target is and how to talk to it (SPEC section 6, {@code targets}). Immutable; wrong values do not get in.
 *
 * @param name the target's name in the configuration; labels the client's metrics
 * @param uri where jobs are POSTed: {@code http} or {@code https}, with a host, without user info or fragment. TLS is
 *     verified against its host, whatever the Host header says
 * @param requests how a request looks and how much of its answer is kept
 * @param connections how many connections there are, how they are opened and how long they live
 * @param tls whom to trust and who we are; of no effect with {@code http}
 */
public record TargetSettings(String name, URI uri, Requests requests, Connections connections, TlsFiles tls) {

    public TargetSettings {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        require(!name.isBlank(), "name", "must not be blank", name);
        require(scheme.equals("http") || scheme.equals("https"), "uri", "must be http or https", uri);
        require(uri.getHost() != null, "uri", "must name a host", uri);
        require(uri.getPort() != 0 && uri.getPort() <= 65_535, "uri", "must have a port from 1 to 65535", uri);
        require(uri.getRawUserInfo() == null, "uri", "must not hold user info", "…@" + uri.getHost());
        require(uri.getRawFragment() == null, "uri", "must not hold a fragment", uri);
    }

    /** A target with every default of the configuration, and room for that many requests at once. */
    public static TargetSettings of(String name, URI uri, int maxConnections) {
        return new TargetSettings(name, uri, Requests.DEFAULT, Connections.atMost(maxConnections), TlsFiles.NONE);
    }

    public TargetSettings with(Requests other) {
        return new TargetSettings(name, uri, other, connections, tls);
    }

    public TargetSettings with(Connections other) {
        return new TargetSettings(name, uri, requests, other, tls);
    }

    public TargetSettings with(TlsFiles other) {
        return new TargetSettings(name, uri, requests, connections, other);
    }

    private static void require(boolean fulfilled, String what, String rule, Object value) {
        if (!fulfilled) {
            throw new IllegalArgumentException(what + " " + rule + ", not " + value);
        }
    }

    private static void requireWithin(String what, Duration duration, Duration longest) {
        boolean within = duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(longest) <= 0;
        require(within, what, "must be from 1 ms to " + longest, duration);
    }

    /** What stands behind the URI. */
    public enum Protocol {
        /** {@code rpc/RunSingleJob.php}: gets the record's very bytes. */
        RPC,
        /** The EventBus extension's REST endpoint: gets what MediaWiki signed, see {@link
         * org.mediawiki.jobqueue.runner.FilledMeta}. */
        REST
    }

    /** Whose name the Host header bears. */
    public enum HostHeader {
        /** {@code meta.domain} of the event: one endpoint serves many wikis. The URI's host where it has none. */
        DOMAIN,
        /** The URI's host, and its port where it is not the scheme's own. */
        URI
    }

    /** Whether HTTP/2 is spoken. */
    public enum Http2 {
        /** Over TLS where the server offers it by ALPN; never over plain {@code http}. */
        AUTO,
        /** HTTP/1.1 only. */
        OFF
    }

    /**
     * How a request looks and how much of its answer is kept.
     *
     * @param protocol what stands behind the URI; {@code RPC} by default
     * @param hostHeader whose name the Host header bears; {@code DOMAIN} by default
     * @param userAgent the user-agent header; {@code ChangePropagation-JobQueue/WMF} by default
     * @param maxAnswerBytes how much of an answer's body is kept, in bytes, from 1; 64 KiB by default. Of a longer one
     *     the last quarter is its end; what lies between is read and dropped
     */
    public record Requests(Protocol protocol, HostHeader hostHeader, String userAgent, int maxAnswerBytes) {

        public static final Requests DEFAULT =
                new Requests(Protocol.RPC, HostHeader.DOMAIN, "ChangePropagation-JobQueue/WMF", 64 * 1024);

        public Requests {
            require(isUserAgent(userAgent), "userAgent", "must be printable ASCII", userAgent);
            require(maxAnswerBytes >= 1, "maxAnswerBytes", "must be 1 or more", maxAnswerBytes);
        }

        /** Whether the text can be sent as a user-agent: printable ASCII. */
        public static boolean isUserAgent(String text) {
            return HeaderText.isClean(text);
        }

        public Requests with(HostHeader other) {
            return new Requests(protocol, other, userAgent, maxAnswerBytes);
        }

        public Requests with(Protocol other) {
            return new Requests(other, hostHeader, userAgent, maxAnswerBytes);
        }
    }

    /**
     * How many connections there are, how they are opened and how long they live.
     *
     * @param max the most requests at once, from 1 to 10,000: the sum of the lane's limits, which the lane must keep. One
     *     connection more is opened as a spare; a request beyond waits for {@code connectTimeout} at most and then
     *     counts as not sent
     * @param connectTimeout how long opening a connection may take, TLS included, from 1 ms to 1 h; 5 s by
     *     default
     * @param maxAge after this long every new request goes over connections to which the name was resolved and the TLS
     *     files were read anew; from 1 ms to 365 d, 5 min by default. A request under way is never cut
     * @param http2 {@code AUTO} by default
     */
    public record Connections(int max, Duration connectTimeout, Duration maxAge, Http2 http2) {

        public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
        public static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(5);

        public static final Duration LONGEST_CONNECT_TIMEOUT = Duration.ofHours(1);
        public static final Duration LONGEST_AGE = Duration.ofDays(365);

        /** The most that {@code max} may be. */
        public static final int MOST = 10_000;

        public Connections {
            require(max >= 1 && max <= MOST, "maxConnections", "must be from 1 to " + MOST, max);
            requireWithin("connectTimeout", connectTimeout, LONGEST_CONNECT_TIMEOUT);
            requireWithin("maxConnectionAge", maxAge, LONGEST_AGE);
        }

        public static Connections atMost(int max) {
            return new Connections(max, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_AGE, Http2.AUTO);
        }

        public Connections with(Http2 other) {
            return new Connections(max, connectTimeout, maxAge, other);
        }

        public Connections withConnectTimeout(Duration other) {
            return new Connections(max, other, maxAge, http2);
        }

        public Connections withMaxAge(Duration other) {
            return new Connections(max, connectTimeout, other, http2);
        }
    }

    /**
     * PEM files. They are read whenever connections are opened after {@code maxAge}, so that a renewed certificate
     * needs no restart; one that cannot be read shows as requests that are not sent, with the reason.
     *
     * @param ca the authorities to trust; the JVM's where absent
     * @param certificate our certificate, followed by its intermediates; only together with {@code key}
     * @param key the private key of {@code certificate}, PKCS#8, not encrypted
     */
    public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

        public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

        public TlsFiles {
            require(certificate.isPresent() == key.isPresent(), "tls", "needs certificate and key together", key);
        }
    }
}
