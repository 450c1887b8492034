package org.mediawiki.jobqueue.loadtest.standin;

import java.time.Clock;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;

/**
 * How a {@link StandInRunner} is set up; start from {@link #defaults()}.
 *
 * @param listen where and how it listens
 * @param certificate what it shows to clients
 * @param detail how much its ledger keeps (default {@link Detail#BODIES})
 * @param seed of random latencies (default 1)
 */
public record StandInOptions(Listen listen, StandInCertificate certificate, Detail detail, long seed) {

    /**
     * Where and how the stand-in listens, always on the loopback interface.
     *
     * @param address the address, of 127.0.0.0/8 (default 127.0.0.1)
     * @param port the TCP port; 0 (the default) picks a free one
     * @param eventLoops how many threads serve requests (default 1)
     * @param http2 whether HTTP/2 is offered by ALPN (default {@code true})
     */
    public record Listen(String address, int port, int eventLoops, boolean http2) {}

    /** A good certificate, a free port, one event loop, HTTP/2 and HTTP/1.1, everything kept. */
    public static StandInOptions defaults() {
        return new StandInOptions(
                new Listen("127.0.0.1", 0, 1, true), StandInCertificate.good(Clock.systemUTC()), Detail.BODIES, 1);
    }

    public StandInOptions withAddress(String address) {
        return new StandInOptions(
                new Listen(address, listen.port(), listen.eventLoops(), listen.http2()), certificate, detail, seed);
    }

    public StandInOptions withPort(int port) {
        return new StandInOptions(
                new Listen(listen.address(), port, listen.eventLoops(), listen.http2()), certificate, detail, seed);
    }

    public StandInOptions withEventLoops(int count) {
        return new StandInOptions(
                new Listen(listen.address(), listen.port(), count, listen.http2()), certificate, detail, seed);
    }

    public StandInOptions withHttp2(boolean offered) {
        return new StandInOptions(
                new Listen(listen.address(), listen.port(), listen.eventLoops(), offered), certificate, detail, seed);
    }

    public StandInOptions withCertificate(StandInCertificate shown) {
        return new StandInOptions(listen, shown, detail, seed);
    }

    public StandInOptions withDetail(Detail kept) {
        return new StandInOptions(listen, certificate, kept, seed);
    }

    public StandInOptions withSeed(long randomSeed) {
        return new StandInOptions(listen, certificate, detail, randomSeed);
    }
}
