package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One request as it arrived and ended.
 *
 * @param sequence its place in the order of arrival, from 0
 * @param job which job, which attempt
 * @param wire what was on the wire
 * @param span when
 * @param ending how
 */
public record RecordedRequest(int sequence, JobRequest job, Wire wire, Span span, Ending ending) {

    /**
     * What was on the wire.
     *
     * @param path the request's path
     * @param headers names in lower case, {@code host} (or {@code :authority} as {@code host}) included; of a repeated
     *     header the first value
     * @param body the body, or its SHA-256 where the ledger keeps {@link RequestLedger.Detail#HASHES}
     * @param http {@code HTTP/1.1} or {@code HTTP/2}
     * @param tls the TLS protocol, e.g. {@code TLSv1.3}
     */
    public record Wire(String path, Map<String, String> headers, Buffer body, String http, String tls) {

        /** The Host header. */
        public String host() {
            return headers.getOrDefault("host", "");
        }
    }

    /**
     * When, by the ledger's clock ({@link RequestLedger#nowNanos}).
     *
     * @param startNanos the request's head arrived
     * @param endNanos the answer was written, or the connection ended; empty while it is under way
     */
    public record Span(long startNanos, OptionalLong endNanos) {}

    /**
     * How it ended.
     *
     * @param outcome answered or not
     * @param status the HTTP status that was answered; 0 where there was no answer
     */
    public record Ending(Outcome outcome, int status) {}
}
