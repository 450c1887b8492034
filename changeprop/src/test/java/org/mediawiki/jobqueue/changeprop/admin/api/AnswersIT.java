package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people are told of trouble: what it is, and what to do. */
final class AnswersIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void anOrderWithoutAnAnswerIsNotToBeRepeatedBlindly() {
        JsonObject problem = told(new TimeoutException("after 20 s"));

        assertThat(problem.getInteger("status")).isEqualTo(503);
        assertThat(problem.getString("detail"))
                .startsWith("No answer in time. The order may still be carried out")
                .contains("audit");
    }

    @Test
    void whatKafkaRefusesIsTold() {
        JsonObject problem = told(new KafkaException("not enough replicas"));

        assertThat(problem.getInteger("status")).isEqualTo(503);
        assertThat(problem.getString("detail")).isEqualTo("Kafka refused or did not answer: not enough replicas");
    }

    @Test
    void anInternalErrorSaysWhereMoreOfItStands() {
        JsonObject problem = told(new IllegalStateException("surprise"));

        assertThat(problem.getInteger("status")).isEqualTo(500);
        assertThat(problem.getString("title")).isEqualTo("Internal error");
        assertThat(problem.getString("detail")).contains("See ERROR in the log").doesNotContain("surprise");
    }

    private JsonObject told(Exception failure) {
        Router router = Router.router(vertx);
        router.get("/").handler(context -> context.fail(failure)).failureHandler(Answers::problem);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
                .build();
        try {
            return new JsonObject(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
