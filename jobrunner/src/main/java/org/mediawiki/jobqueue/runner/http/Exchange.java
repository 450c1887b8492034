package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job on its way to the target and the answer on its way back.
 *
 * <pre>
 *   connecting ──▶ sent ──▶ answering ──▶ over
 *       │            │          │           ▲
 *       └─ NotSent ──┴── Lost ──┴───────────┤
 *       └─ timeout: NotSent, then TimedOut ─┘
 * </pre>
 *
 * Whatever comes first ends it, and what comes later finds it over. All calls are on the lane's context.
 */
final class Exchange {

    /** What is below is informational: the answer follows (RFC 9110, section 15.2). */
    private static final int FIRST_FINAL_STATUS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Vertx vertx;
    private final TargetSettings.Requests limits;
    private final Diagnosis diagnosis;
    private final Generations generations;
    private final Generation generation;
    private final BooleanSupplier maySend;
    private final Promise<Attempt> attempt = Promise.promise();

    private long timer;
    private boolean over;
    private @Nullable HttpClientRequest request;
    private @Nullable AnswerReader answer;

    Exchange(
            Vertx vertx,
            TargetSettings.Requests limits,
            Diagnosis diagnosis,
            Generations generations,
            BooleanSupplier maySend) {
        this.vertx = vertx;
        this.limits = limits;
        this.diagnosis = diagnosis;
        this.generations = generations;
        this.generation = generations.current();
        this.maySend = maySend;
    }

    Future<Attempt> start(RequestForm form, Job job, Duration timeout) {
        timer = vertx.setTimer(Math.max(1, timeout.toMillis()), expired -> timedOut(timeout));
        generation.request(form.options()).onComplete(connected -> send(connected, form, job), this::notConnected);
        return attempt.future();
    }

    private void notConnected(Throwable cause) {
        generation.release();
        generations.leadsNowhere(generation);
        end(diagnosis.notConnected(cause));
    }

    private void send(HttpClientRequest connected, RequestForm form, Job job) {
        // What breaks is told by the answer that does not come; Vert.x logs an error besides, unless somebody listens.
        connected.exceptionHandler(toldAlready -> {});
        if (over) {
            // The timeout passed before.
            giveBack(connected);
            return;
        }
        if (!maySend.getAsBoolean()) {
            giveBack(connected);
            end(diagnosis.notSentInTime());
            return;
        }
        request = connected;
        try {
            form.fill(connected, job);
            connected.send(form.body(job)).onComplete(this::read, this::broken);
        } catch (RuntimeException unexpected) {
            broken(unexpected);
            connected.reset();
        }
    }

    /** Nothing was written, so the connection goes back unharmed. */
    private void giveBack(HttpClientRequest connected) {
        connected.reset();
        generation.release();
    }

    private void read(HttpClientResponse response) {
        if (over) {
            return;
        }
        int status = response.statusCode();
        if (status < FIRST_FINAL_STATUS) {
            // Vert.x knows 100 and 103 alone, and takes any other for the answer. The answer is still to come, and must
            // not
            // meet another request: over HTTP/1.1 this closes the connection.
            end(diagnosis.interimAnswer(status));
            response.request().reset();
        } else {
            answer = new AnswerReader(response, limits.maxAnswerBytes());
            answer.read(complete -> end(new Answered(complete)), this::broken);
        }
    }

    private void broken(Throwable cause) {
        end(diagnosed(cause));
    }

    /** An attempt that never ends would keep its slot for ever: whatever the diagnosis meets, there is one. */
    private Attempt diagnosed(Throwable cause) {
        AnswerReader begun = answer;
        try {
            return begun == null
                    ? diagnosis.lostBeforeAnswer(cause, streamId())
                    : diagnosis.lostInAnswer(cause, begun.status());
        } catch (RuntimeException bug) {
            LOG.error("A lost connection could not be told from others: this is a bug", bug);
            return new Lost(String.valueOf(cause));
        }
    }

    private long streamId() {
        HttpClientRequest sent = request;
        return sent == null ? 0 : sent.streamId();
    }

    private void timedOut(Duration timeout) {
        HttpClientRequest sent = request;
        if (sent == null) {
            end(diagnosis.notConnectedWithin(timeout));
            return;
        }
        AnswerReader begun = answer;
        end(begun == null ? diagnosis.noAnswerWithin(timeout) : diagnosis.noEndWithin(timeout, begun.status()));
        // Over HTTP/1.1 this closes the connection: the answer may still come and must not meet another request.
        sent.reset();
    }

    private void end(Attempt result) {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(timer);
        if (request != null) {
            generation.release();
        }
        attempt.complete(result);
    }
}
