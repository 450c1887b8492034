package org.mediawiki.jobqueue.runner.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Keeps silent connections alive and finds out dead peers. A transcode says nothing for hours: middle boxes forget such
 * connections, some after 5 min, and a peer that vanished would be waited for until the job's timeout, up to 24 h. So
 * the kernel asks after a minute of silence, and gives up after another.
 *
 * <p>The kernel's own default is to ask after 2 h.
 */
final class TcpKeepAlive {

    static final int IDLE_SECONDS = 60;
    static final int INTERVAL_SECONDS = 15;
    static final int PROBES = 4;

    /** For a peer that vanishes before it has acknowledged a request: no probe is sent while bytes are on their way. */
    private static final int UNACKNOWLEDGED_MILLIS = 1000 * (IDLE_SECONDS + PROBES * INTERVAL_SECONDS);

    private TcpKeepAlive() {}

    /** Asks Vert.x for it, which knows how with its native transports only. */
    static void configure(HttpClientOptions options) {
        options.setTcpKeepAlive(true);
        options.setTcpKeepAliveIdleSeconds(IDLE_SECONDS);
        options.setTcpKeepAliveIntervalSeconds(INTERVAL_SECONDS);
        options.setTcpKeepAliveCount(PROBES);
        options.setTcpUserTimeout(UNACKNOWLEDGED_MILLIS);
    }

    /**
     * Sets it on an open connection of the JDK's transport, for which Vert.x has no option, nor a public way to the
     * channel. What the platform does not know is passed over. On the connection's context.
     */
    static void apply(HttpConnection connection) {
        if (connection instanceof HttpClientConnection client
                && client.channelHandlerContext().channel() instanceof NioSocketChannel channel) {
            try {
                set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
                set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
                set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
            } catch (ChannelException closedMeanwhile) {
                // Whoever sends over it hears of that.
            }
        }
    }

    private static void set(Channel channel, SocketOption<Integer> option, int value) {
        channel.config().setOption(NioChannelOption.of(option), value);
    }
}
