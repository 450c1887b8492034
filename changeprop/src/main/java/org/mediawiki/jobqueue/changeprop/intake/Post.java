package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
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

    /** Who took long to send is not answered "too late" for that alone. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

    private final IntakeParts parts;
    private final HttpServerRequest request;
    private final Head head;
    private final Reply reply;
    private Buffer body = Buffer.buffer();
    private Time.Cancellation patience = Time.Cancellation.NONE;
    private long admittedBytes;

    Post(IntakeParts parts, HttpServerRequest request) {
        this.parts = parts;
        this.request = request;
        this.head = new Head(request);
        this.reply = new Reply(parts, request, head);
    }

    void begin(IntakeAccess access) {
        parts.connections().busy(request.connection());
        request.exceptionHandler(ignored -> hungUp());
        request.response().closeHandler(ignored -> hungUp());
        OptionalInt refusal = access.refusal(head.address(), head.authorization());
        if (refusal.isPresent()) {
            refuse(refusal.getAsInt(), refusal.getAsInt() == 401 ? "The secret is missing or wrong" : "Not from there");
        } else if (head.isOfAWebPage()) {
            refuse(403, "Web pages may not post: the request has an Origin");
        } else if (request.path().equals(EVENTS)) {
            events();
        } else if (request.path().equals(TEST)) {
            test();
        } else {
            refuse(404, "Post events to " + EVENTS);
        }
    }

    private void events() {
        long declared = head.declaredBytes();
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            refuse(405, "Post events to " + EVENTS);
        } else if (!head.isReadable()) {
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
        parts.budget().enter(bytes, parts.config().patience(), new ByteBudget.Visitor() {
            @Override
            public void admitted() {
                admittedBytes = bytes;
                if (reply.isOver()) {
                    settled();
                } else {
                    next.run();
                }
            }

            @Override
            public void turnedAway() {
                if (!reply.isOver()) {
                    request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                    refuse(503, "Too much is in hand already: Kafka is slow or down");
                }
            }
        });
        parts.tellBudget();
    }

    private void read() {
        SlowBodyLimit limit = new SlowBodyLimit(admittedBytes, parts.time(), this::tooSlow);
        patience = limit::over;
        if (head.expectsContinue()) {
            request.response().writeContinue();
        }
        request.handler(chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > maxBody()) {
                refuse(413, tooLarge());
            } else {
                limit.received(body.length());
            }
        });
        request.endHandler(ignored -> {
            patience.cancel();
            examine();
        });
        request.resume();
    }

    private void tooSlow() {
        settled();
        reply.cut(408, "The body took too long");
    }

    private void examine() {
        byte[] bytes = body.getBytes();
        parts.workers()
                .executeBlocking(
                        () -> {
                            Batch.read(bytes, parts.config().maxEvents())
                                    .match(
                                            events -> {
                                                write(bytes, events.spans());
                                                return null;
                                            },
                                            unusable -> {
                                                parts.onContext(() -> {
                                                    reply.give(unusable.status(), unusable.reason(), Reply.NO_EVENTS);
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
            Examined event = parts.examination().examine(bytes, span);
            examined.add(event);
            event.accept(good::add, bad -> {});
        }
        Pending pending = new Pending(spans, examined, good.size());
        Settlement settlement = new Settlement(parts, reply, bytes, pending);
        Duration left = patienceLeft();
        parts.onContext(() -> await(settlement, left));
        if (good.isEmpty()) {
            parts.onContext(() -> complete(settlement));
        } else {
            parts.store().put(good, within(left), (index, fault) -> {
                if (pending.told(index, fault)) {
                    parts.onContext(() -> complete(settlement));
                }
            });
        }
    }

    private Duration patienceLeft() {
        Duration left = parts.config().patience().minus(reply.spent());
        return left.compareTo(LEAST_PATIENCE) > 0 ? left : LEAST_PATIENCE;
    }

    /** Not until the answer: who is in a hurry has one before anything is written, and who hung up never gets one. */
    private BooleanSupplier within(Duration left) {
        long sinceNanos = parts.time().nanos();
        return () -> parts.time().nanos() - sinceNanos < left.toNanos();
    }

    private void await(Settlement settlement, Duration left) {
        if (head.isHasty()) {
            reply.give(202, "Events were hastily received.", Reply.NO_EVENTS);
        } else if (!reply.isOver()) {
            patience = parts.time().after(left, settlement::judge);
        }
    }

    /** Everything is known. */
    private void complete(Settlement settlement) {
        patience.cancel();
        settlement.judge();
        settled();
    }

    /** A bug of ours; the events that were written by then are, the others are not. */
    private void failed(Throwable bug) {
        LOG.error("A post could not be examined: this is a bug", bug);
        reply.give(500, "The events could not be examined", Reply.NO_EVENTS);
        settled();
    }

    /** Nothing of it is in hand any more. */
    private void settled() {
        long bytes = admittedBytes;
        admittedBytes = 0;
        parts.budget().leave(bytes);
        parts.tellBudget();
    }

    /** The client is gone. What was read whole is written all the same: nobody can tell what the client has made of it. */
    private void hungUp() {
        boolean wasRead = request.isEnded();
        reply.hungUp();
        patience.cancel();
        if (!wasRead) {
            settled();
        }
    }

    private void refuse(int status, String phrase) {
        patience.cancel();
        settled();
        body = Buffer.buffer();
        reply.refuse(status, phrase);
    }

    private long maxBody() {
        return parts.config().maxBody().bytes();
    }

    private String tooLarge() {
        return "The body is larger than " + parts.config().maxBody();
    }
}
