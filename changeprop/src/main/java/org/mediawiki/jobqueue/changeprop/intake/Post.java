package org.mediawiki.jobqueue.changeprop.intake;

import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, from its head to its answer.
 *
 * <pre>
 *   head ──▶ waits for room ──▶ body is read ──▶ examined, written ──▶ settled
 *    │            │ 503            │ 408, 413          │ 400              │ 201, 207, 400, 500
 *    └ 401, 403,  │                │                   │ patience is over: 207, 500
 *      404, 405,  ▼                ▼                   ▼
 *      413, 415 ──▶──────────────▶ answered ◀──────────┘
 * </pre>
 *
 * <p>What is answered and what is settled are two things: an event may be on its way to Kafka after its post was answered
 * because nobody waits any longer, and its bytes are in hand until then. Used on the intake's context.
 */
final class Post {

    private static final Logger LOG = LoggerFactory.getLogger(Post.class);

    private static final String EVENTS = "/v1/events";
    private static final String TEST = "/v1/_test/events";

    /** What EventGate takes: browsers' beacons come as text. The EventBus extension sends the first. */
    private static final Set<String> TYPES = Set.of("application/json", "text/plain", "application/reports+json");

    /** How long a body may take, and besides for each of its mebibytes. */
    private static final Duration BODY_PATIENCE = Duration.ofSeconds(5);

    private static final Duration BODY_PACE = Duration.ofSeconds(1);

    /** Who took long to send is not answered "too late" for that alone. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

    private static final int LONGEST_PHRASE = 300;

    /** So much is thrown away of what is refused before its sender hears of it; one who hears too early may miss it. */
    private static final int MOST_DROPPED_BYTES = 64 << 20;

    /** The EventBus extension expects lists in whatever is answered. */
    private static final Buffer NOTHING = Buffer.buffer("{\"invalid\":[],\"error\":[]}");

    private final Desk desk;
    private final HttpServerRequest request;
    private final long startedNanos;
    private Buffer body = Buffer.buffer();
    private Time.Cancellation timer = Time.Cancellation.NONE;
    private long admittedBytes;
    private boolean over;

    /** Written on the context; read by threads that write events. */
    private volatile boolean answered;

    Post(Desk desk, HttpServerRequest request) {
        this.desk = desk;
        this.request = request;
        this.startedNanos = desk.time().nanos();
    }

    /** What all posts share. */
    record Desk(
            Context context,
            WorkerExecutor workers,
            IntakeConfig config,
            Room room,
            Examination examination,
            Store store,
            Connections connections,
            IntakeListener listener,
            Time time) {

        void tellRoom() {
            listener.inHand(room.taken(), room.waiting());
        }
    }

    void begin(Doorkeeper doorkeeper) {
        desk.connections().busy(request.connection());
        request.exceptionHandler(ignored -> hungUp());
        request.response().closeHandler(ignored -> hungUp());
        OptionalInt refusal = doorkeeper.refusal(address(), request.getHeader(HttpHeaders.AUTHORIZATION));
        if (refusal.isPresent()) {
            refuse(refusal.getAsInt(), refusal.getAsInt() == 401 ? "The secret is missing or wrong" : "Not from there");
        } else if (request.path().equals(EVENTS)) {
            events();
        } else if (request.path().equals(TEST)) {
            test();
        } else {
            refuse(404, "Post events to " + EVENTS);
        }
    }

    private void events() {
        long declared = declaredBytes();
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            refuse(405, "Post events to " + EVENTS);
        } else if (!isReadable()) {
            refuse(415, "The content type must be application/json, not encoded");
        } else if (declared > maxBody()) {
            refuse(413, tooLarge());
        } else {
            request.pause();
            enter(declared < 0 ? maxBody() : declared, this::read);
        }
    }

    /** A canary event goes the way of all events, and is skipped where jobs are run. */
    private void test() {
        if (!request.method().equals(HttpMethod.GET)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET");
            refuse(405, "Get " + TEST);
            return;
        }
        body.appendString("""
                {"$schema":"/mediawiki/job/1.0.0","meta":{"stream":"mediawiki.job.canary","domain":"canary"},\
                "database":"canary","type":"canary","params":{}}""");
        enter(body.length(), this::examine);
    }

    private void enter(long bytes, Runnable next) {
        desk.room().enter(bytes, desk.config().patience(), new Room.Visitor() {
            @Override
            public void admitted() {
                admittedBytes = bytes;
                if (over) {
                    settled();
                } else {
                    next.run();
                }
            }

            @Override
            public void turnedAway() {
                if (!over) {
                    request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                    refuse(503, "Too much is in hand already: Kafka is slow or down");
                }
            }
        });
        desk.tellRoom();
    }

    private void read() {
        Duration patience = BODY_PATIENCE.plus(BODY_PACE.multipliedBy(admittedBytes >> 20));
        timer = desk.time().after(patience, () -> cut(408, "The body took too long"));
        if (expectsContinue()) {
            request.response().writeContinue();
        }
        request.handler(chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > maxBody()) {
                refuse(413, tooLarge());
            }
        });
        request.endHandler(ignored -> {
            timer.cancel();
            examine();
        });
        request.resume();
    }

    private void examine() {
        byte[] bytes = body.getBytes();
        desk.workers()
                .executeBlocking(
                        () -> {
                            Batch.read(bytes, desk.config().maxEvents())
                                    .match(
                                            events -> {
                                                write(bytes, events.spans());
                                                return null;
                                            },
                                            unusable -> {
                                                onContext(() -> {
                                                    answer(unusable.status(), unusable.reason(), NOTHING);
                                                    settled();
                                                });
                                                return null;
                                            });
                            return null;
                        },
                        false)
                .onFailure(this::failed);
    }

    /** On a worker thread. */
    private void write(byte[] bytes, List<Span> spans) {
        List<Examined> examined = new ArrayList<>(spans.size());
        List<Examined.Good> good = new ArrayList<>(spans.size());
        for (Span span : spans) {
            Examined event = desk.examination().examine(bytes, span);
            examined.add(event);
            event.accept(good::add, bad -> {});
        }
        Pending pending = new Pending(spans, examined, good.size());
        Settlement settlement = new Settlement(bytes, pending);
        onContext(settlement::await);
        if (good.isEmpty()) {
            onContext(settlement::complete);
        } else {
            desk.store().put(good, () -> !answered, (index, fault) -> {
                if (pending.told(index, fault)) {
                    onContext(settlement::complete);
                }
            });
        }
    }

    /** Answers when everything is known, or nobody waits any longer. On the context. */
    private final class Settlement {

        private final byte[] bytes;
        private final Pending pending;
        private boolean judged;

        Settlement(byte[] bytes, Pending pending) {
            this.bytes = bytes;
            this.pending = pending;
        }

        void await() {
            if (isHasty()) {
                answer(202, "Events were hastily received.", NOTHING);
            } else if (!over) {
                Duration spent = Duration.ofNanos(desk.time().nanos() - startedNanos);
                Duration left = desk.config().patience().minus(spent);
                timer = desk.time().after(left.compareTo(LEAST_PATIENCE) > 0 ? left : LEAST_PATIENCE, this::judge);
            }
        }

        void complete() {
            timer.cancel();
            judge();
            settled();
        }

        /** Once: what becomes known after the answer is nobody's any more. */
        private void judge() {
            if (judged) {
                return;
            }
            judged = true;
            Report report = pending.report(
                    bytes, "not acknowledged within " + desk.config().patience() + "; it may still be written");
            desk.listener().judged(report.acceptedCount(), report.invalidCount(), report.errorCount());
            Report.Answer answer = report.answer();
            answer(answer.status(), answer.phrase(), answer.body());
        }
    }

    /** A bug of ours; the events that were written by then are, the others are not. */
    private void failed(Throwable bug) {
        LOG.error("A post could not be examined: this is a bug", bug);
        answer(500, "The events could not be examined", NOTHING);
        settled();
    }

    /** Nothing of it is in hand any more. */
    private void settled() {
        long bytes = admittedBytes;
        admittedBytes = 0;
        desk.room().leave(bytes);
        desk.tellRoom();
    }

    /** The client is gone. What was read whole is written all the same: nobody can tell what the client has made of it. */
    private void hungUp() {
        boolean wasRead = request.isEnded();
        over = true;
        timer.cancel();
        if (!wasRead) {
            settled();
        }
    }

    /**
     * Answers without having read what is being sent. A client that waits for our leave hears at once; one that sends
     * already would miss an answer that comes with a closed connection, so it may go on for a while.
     */
    private void refuse(int status, String phrase) {
        timer.cancel();
        settled();
        body = Buffer.buffer();
        if (request.isEnded() || expectsContinue()) {
            cut(status, phrase);
            return;
        }
        timer = desk.time().after(BODY_PATIENCE, () -> cut(status, phrase));
        int[] dropped = {0};
        request.handler(chunk -> {
            dropped[0] += chunk.length();
            if (dropped[0] > MOST_DROPPED_BYTES) {
                cut(status, phrase);
            }
        });
        request.endHandler(ignored -> cut(status, phrase));
        request.resume();
    }

    /** Answers, and closes the connection: who knows what else is on its way there. */
    private void cut(int status, String phrase) {
        timer.cancel();
        settled();
        if (!over) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        answer(status, phrase, NOTHING);
    }

    private void answer(int status, String phrase, Buffer json) {
        if (answered) {
            return;
        }
        answered = true;
        Duration took = Duration.ofNanos(desk.time().nanos() - startedNanos);
        desk.listener().answered(status, took);
        HttpServerResponse response = request.response();
        if (over || response.closed()) {
            return;
        }
        over = true;
        response.setStatusCode(status).setStatusMessage(oneLine(phrase));
        if (json.length() > 0) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        HttpConnection connection = request.connection();
        Future<Void> sent = response.end(json);
        if (!request.isEnded()) {
            // Vert.x would wait for the rest of the body first, whatever the answer said.
            sent.onComplete(ignored -> connection.close());
        }
        desk.connections().idle(connection);
    }

    /** It may quote what was posted. */
    private static String oneLine(String phrase) {
        String printable = phrase.replaceAll("[^ -~]+", " ");
        return printable.length() > LONGEST_PHRASE ? printable.substring(0, LONGEST_PHRASE) : printable;
    }

    private void onContext(Runnable action) {
        desk.context().runOnContext(ignored -> action.run());
    }

    private boolean isHasty() {
        String hasty = request.getParam("hasty");
        return hasty != null && !Set.of("", "0", "false").contains(hasty.toLowerCase(Locale.ROOT));
    }

    private boolean isReadable() {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        boolean isPlain = encoding == null || encoding.equalsIgnoreCase("identity");
        return isPlain && (type == null || TYPES.contains(bare(type)));
    }

    private static String bare(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    /** What the head says; -1 where it does not. Netty has made sure that it is a number. */
    private long declaredBytes() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length.strip());
    }

    private long maxBody() {
        return desk.config().maxBody().bytes();
    }

    private String tooLarge() {
        return "The body is larger than " + desk.config().maxBody();
    }

    /** Null where the client is gone already. */
    private @Nullable InetSocketAddress address() {
        SocketAddress client = request.remoteAddress();
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
}
