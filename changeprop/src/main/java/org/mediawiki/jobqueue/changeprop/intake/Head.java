package org.mediawiki.jobqueue.changeprop.intake;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request says before its body comes, and where it comes from. */
final class Head {

    /** What EventGate takes. The EventBus extension sends the first. */
    private static final Set<String> TYPES = Set.of("application/json", "text/plain", "application/reports+json");

    private final HttpServerRequest request;

    Head(HttpServerRequest request) {
        this.request = request;
    }

    /** The client's; null where it is gone already. */
    @Nullable
    InetSocketAddress address() {
        return address(request.remoteAddress());
    }

    /** As Java has it; null where there is none, or none of the internet's. */
    static @Nullable InetSocketAddress address(@Nullable SocketAddress client) {
        if (client == null) {
            return null;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(String.valueOf(client.hostAddress()));
        try {
            return address == null ? null : new InetSocketAddress(InetAddress.getByAddress(address), client.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Netty has made sure of its length", e);
        }
    }

    @Nullable
    String authorization() {
        return request.getHeader(HttpHeaders.AUTHORIZATION);
    }

    /**
     * Whether a browser sends it for a page, which may be anybody's: what browsers send without asking first they send
     * to any port that they reach. Neither the EventBus extension nor other programs say an {@code Origin}.
     */
    boolean isOfAWebPage() {
        return request.getHeader(HttpHeaders.ORIGIN) != null;
    }

    /** Whether the body is of a type that may be JSON, and not compressed. */
    boolean isReadable() {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        boolean isPlain = encoding == null || encoding.equalsIgnoreCase("identity");
        return isPlain && (type == null || TYPES.contains(bare(type)));
    }

    /** The length of the body; -1 where it is not said. Netty has made sure that it is a number. */
    long declaredBytes() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length.strip());
    }

    /** Whether the client waits for our leave before it sends the body. */
    boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    /** Whether the client does not want to wait until its events are safe. */
    boolean isHasty() {
        String hasty = request.getParam("hasty");
        return hasty != null && !Set.of("", "0", "false").contains(hasty.toLowerCase(Locale.ROOT));
    }

    private static String bare(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
