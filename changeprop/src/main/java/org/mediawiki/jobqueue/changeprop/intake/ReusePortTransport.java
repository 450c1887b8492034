package org.mediawiki.jobqueue.changeprop.intake;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux's epoll, on whose shared ports the newer process relieves the older one.
 *
 * <p>{@code SO_REUSEPORT} alone lets the kernel spread connections over all who listen, and those that the older one has
 * not accepted when it closes its port are reset: on a busy port some always are, and MediaWiki does not try again. So the
 * port gets a program that chooses who is asked ({@code SO_ATTACH_REUSEPORT_CBPF}). It always says "the second", in the
 * order in which they came; where there is no second, the kernel passes over what it says:
 *
 * <pre>
 *   old                  every connection goes to old
 *   old, new             every connection goes to new; old has accepted what was its own long before it stops
 *        new             every connection goes to new
 * </pre>
 *
 * <p>Vert.x 5.2 listens a moment before it has a handler for what comes, and drops what comes in between. So nothing is
 * accepted before {@link #accept}; connections wait in the port's backlog until then.
 */
final class ReusePortTransport extends EpollTransport {

    private static final Logger LOG = LoggerFactory.getLogger(ReusePortTransport.class);

    /** Where it listens; written before it does. */
    private volatile @Nullable Channel port;

    /**
     * Vert.x for the intake alone: one event loop, on this transport where the platform has it, else on the JDK's. Closed
     * by the caller.
     */
    static Vertx vertx() {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        return Vertx.builder().with(options).withTransport(new Choice()).build();
    }

    /** Connections are accepted from here on; to be called once the server listens. On the JDK's transport, does nothing. */
    static void accept(Vertx vertx) {
        if (((VertxInternal) vertx).transport() instanceof ReusePortTransport transport) {
            Objects.requireNonNull(transport.port).config().setAutoRead(true);
        }
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        if (options.isSoReusePort()) {
            bootstrap.option(ChannelOption.AUTO_READ, false).handler(new Chooser(this));
        }
    }

    /**
     * Sets the program when the port listens: before, the kernel would not let it join those who listen already. Loaded only
     * where there is epoll.
     */
    private static final class Chooser extends ChannelInboundHandlerAdapter {

        private static final int SOL_SOCKET = 1;
        private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

        /** {@code BPF_RET | BPF_K}: returns a constant. */
        private static final short RETURN = 0x06;

        private static final int THE_SECOND = 1;

        /** {@code struct sock_filter}: what to do, two jumps, a constant. The kernel reads it when the option is set. */
        private static final ByteBuffer INSTRUCTION = ByteBuffer.allocateDirect(8)
                .order(ByteOrder.nativeOrder())
                .putShort(0, RETURN)
                .putInt(4, THE_SECOND);

        /** {@code struct sock_fprog}: how many instructions, padding, where they are. */
        private static final ByteBuffer PROGRAM = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) 1)
                .putLong(8, Buffer.memoryAddress(INSTRUCTION));

        private static final ChannelOption<ByteBuffer> CHOOSER = new RawUnixChannelOption(
                "SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, PROGRAM.capacity());

        private final ReusePortTransport transport;

        private Chooser(ReusePortTransport transport) {
            this.transport = transport;
        }

        /** Before it is bound, whose success is told before the port counts as active. */
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            transport.port = context.channel();
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            try {
                // It is read to its end, hence a view.
                context.channel().config().setOption(CHOOSER, PROGRAM.duplicate());
            } catch (ChannelException e) {
                LOG.warn(
                        "The kernel does not let one process relieve another on a port: a restart may refuse posts", e);
            }
            context.fireChannelActive();
        }
    }

    /** As Vert.x wants to be told of a transport; it falls back to the JDK's where this one is not available. */
    private static final class Choice implements io.vertx.core.transport.Transport {

        private final Transport transport = new ReusePortTransport();

        @Override
        public String name() {
            return "epoll";
        }

        @Override
        public boolean available() {
            return transport.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return transport.unavailabilityCause();
        }

        @Override
        public Transport implementation() {
            return transport;
        }
    }
}
