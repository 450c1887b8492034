package org.mediawiki.jobqueue.changeprop.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever somebody writes into the address of a request, only instances are asked, each of them once. */
final class FleetwideIT {

    private static final int PATIENCE_MILLIS = 20_000;

    private final FakeInstance one = new FakeInstance("one");
    private final FakeInstance other = new FakeInstance("other");
    private final ServerSocketChannel third = listening();
    private ServedApi api;
    private ServedApi otherApi;

    @BeforeEach
    void serve() {
        api = ServedApi.of(one);
        otherApi = ServedApi.of(other);
        one.knows("other", otherApi.port());
    }

    @AfterEach
    void close() throws IOException {
        api.close();
        otherApi.close();
        third.close();
    }

    /** The path is that of a route once its dots are followed, and begins with what a URI takes for a host. */
    @Test
    void aHostInThePathIsNotAsked() throws IOException {
        String answer = get("//127.0.0.1:" + portOfThird() + "/x/%2e%2e/%2e%2e/api/v1/history");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(third.accept()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?only=x", "?#"})
    void whoIsAskedByAnotherInstanceAsksNobody(String query) throws IOException {
        other.knows("third", portOfThird());

        String answer = get("/api/v1/history" + query);

        assertThat(answer).startsWith("HTTP/1.1 ");
        assertThat(third.accept()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%7Cb", "a|b", "a[\"b\"]", "a?type=b|c"})
    void whatAUriDoesNotAllowIsAskedForAllTheSame(String job) throws IOException {
        String answer = get("/api/v1/jobs/" + job);

        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("was not asked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://nowhere", "http://127.0.0.1:99999", "http:/"})
    void oneThatAnnouncesNoAddressIsNamed(String admin) throws IOException {
        one.knows("odd", URI.create(admin));

        String answer = get("/api/v1/jobs/a");

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Instance odd was not asked");
    }

    /** What comes for exactly this request line; no client of a library sends all of them. */
    private String get(String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET " + target + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** A server that only waits: who has asked it is in its queue before the answer comes. */
    private static ServerSocketChannel listening() {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int portOfThird() throws IOException {
        return ((InetSocketAddress) third.getLocalAddress()).getPort();
    }
}
