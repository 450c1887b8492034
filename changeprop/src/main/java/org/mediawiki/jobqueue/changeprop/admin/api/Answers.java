package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered: JSON, or a problem (RFC 9457). */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** Makes a handler of a question. */
    static Handler<RoutingContext> json(Function<RoutingContext, Future<?>> question) {
        return context -> {
            try {
                question.apply(context).onComplete(value -> json(context, 200, value), context::fail);
            } catch (RuntimeException e) {
                context.fail(e);
            }
        };
    }

    /** An answer that comes on another thread, on the context that is asked on. */
    static <T> Future<T> here(Vertx vertx, CompletionStage<T> answer) {
        return Future.fromCompletionStage(answer, vertx.getOrCreateContext());
    }

    static void json(RoutingContext context, int status, Object value) {
        if (context.response().ended()) {
            return;
        }
        try {
            context.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(Json.MAPPER.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }

    /** The one place where trouble becomes an answer. */
    static void problem(RoutingContext context) {
        Throwable failure = context.failure();
        while (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        Refusal refusal = refusal(failure, context.statusCode());
        if (refusal.status() == 500) {
            LOG.error("A request to {} failed: this is a bug", context.normalizedPath(), failure);
        }
        HttpServerResponse response = context.response();
        if (response.ended()) {
            return;
        }
        ObjectNode problem = Json.MAPPER.createObjectNode();
        problem.put("type", "about:blank")
                .put("title", refusal.title())
                .put("status", refusal.status())
                .put("detail", refusal.detail());
        response.setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem + "\n");
    }

    private static Refusal refusal(Throwable failure, int status) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        } else if (failure instanceof KafkaException) {
            return Refusal.unavailable("Kafka refused or did not answer: " + failure.getMessage());
        } else if (failure instanceof TimeoutException) {
            return Refusal.unavailable("No answer in time. The order may still be carried out: look at the jobs and the"
                    + " audit before you repeat it");
        } else if (failure instanceof HttpException http) {
            return new Refusal(
                    http.getStatusCode(), "The request cannot be understood", String.valueOf(http.getPayload()));
        }
        return switch (status) {
            case 404 -> Refusal.notFound("GET /api/v1/openapi.yaml tells what there is");
            case 405 -> new Refusal(405, "Not by this method", "GET /api/v1/openapi.yaml tells which");
            case 413 -> new Refusal(413, "The request is too large", "Say less, or in several requests");
            default ->
                new Refusal(500, "Internal error", "See ERROR in the log of this instance, and please report it");
        };
    }
}
