package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** An HTTP client that sends exactly the bytes it is given, as slowly and as wrongly as the test likes. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer: its status, its reason phrase and its body. */
    record Answer(int status, String phrase, String body) {}

    /** What {@code POST} of a body takes, with these further header lines. */
    static String head(String path, int length, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + length + "\r\n"
                + String.join(
                        "",
                        java.util.Arrays.stream(headers)
                                .map(header -> header + "\r\n")
                                .toList()) + "\r\n";
    }

    RawClient send(String text) {
        return send(text.getBytes(UTF_8));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer post(String path, String body, String... headers) {
        byte[] bytes = body.getBytes(UTF_8);
        return send(head(path, bytes.length, headers)).send(bytes).answer();
    }

    Answer answer() {
        String[] status = line().split(" ", 3);
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        try {
            String body = new String(socket.getInputStream().readNBytes(length), UTF_8);
            return new Answer(Integer.parseInt(status[1]), status.length > 2 ? status[2] : "", body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side has closed; waits for it. */
    boolean isClosed() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** All that still comes until the other side closes. */
    String awaitClose() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(rest);
        } catch (IOException reset) {
            // As good as closed.
        }
        return rest.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("closed after " + line);
                }
                line.append(new String(new byte[] {(byte) next}, ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString().strip();
    }
}
