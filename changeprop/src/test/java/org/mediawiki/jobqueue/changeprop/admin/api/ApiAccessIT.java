package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SPEC section 10: who may not change anything is told so before anything else, and is counted. */
final class ApiAccessIT {

    private static final String PATH = "/api/v1/dead/drop";
    private static final String[] GOOD = {"authorization", "Bearer " + ServedApi.TOKEN};
    private static final String TOO_LARGE = "x".repeat(2 * 1024 * 1024);

    private final ServedApi api = ServedApi.of(new FakeInstance("one"));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void whoHasNoTokenIsToldThatAndNothingOfTheRequest() {
        assertThat(api.send(PATH, "a form", "content-type", "text/plain").statusCode())
                .isEqualTo(401);
        assertThat(api.send(PATH, "no content type").statusCode()).isEqualTo(401);
        assertThat(api.send(PATH, TOO_LARGE, "content-type", "application/json").statusCode())
                .isEqualTo(401);
        assertThat(api.refused()).isEqualTo(3);
    }

    @Test
    void whoHasItIsToldWhatIsWrongWithTheRequest() {
        assertThat(api.send(PATH, "a form", GOOD[0], GOOD[1], "content-type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(api.send(PATH, TOO_LARGE, GOOD[0], GOOD[1], "content-type", "application/json")
                        .statusCode())
                .isEqualTo(413);
        assertThat(api.refused()).isZero();
    }

    @Test
    void anotherSiteIsRefusedWhateverItBrings() {
        HttpResponse<String> answer = api.send(PATH, "{}", GOOD[0], GOOD[1], "origin", "https://evil.example");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(api.refused()).isEqualTo(1);
    }

    /** Who tries tokens would try them by reads, which tell by {@code may_change} whether it was the one. */
    @Test
    void whoLooksWithAWrongTokenIsAnsweredAndCounted() {
        assertThat(api.look("/api/v1/session", "authorization", "Bearer open sesam")
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.refused()).isEqualTo(1);
    }

    @Test
    void whoLooksWithoutOneOrWithTheRightOneIsNotCounted() {
        assertThat(api.look("/api/v1/session").statusCode()).isEqualTo(200);
        assertThat(api.look("/api/v1/session", GOOD).statusCode()).isEqualTo(200);
        assertThat(api.look("/api/v1/session", "authorization", "Basic b3BlbjpzZXNhbWU=")
                        .statusCode())
                .as("that of a proxy")
                .isEqualTo(200);
        assertThat(api.refused()).isZero();
    }

    @Test
    void withoutAConfiguredTokenNobodyMayChangeAnything() {
        try (ServedApi open = ServedApi.withoutToken(new FakeInstance("open"))) {
            HttpResponse<String> answer = open.send(PATH, "a form", GOOD[0], GOOD[1], "content-type", "text/plain");

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("admin.token");
            assertThat(open.refused()).isEqualTo(1);
        }
    }

    /** The configuration is refused before; here nobody goes by that. */
    @Test
    void readsThatAreProtectedByNoTokenAreNobodys() {
        try (ServedApi closed = ServedApi.closed(new FakeInstance("closed"))) {
            HttpResponse<String> answer = closed.look("/api/v1/history");

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("Nothing can be seen", "admin.token");
            assertThat(closed.refused()).isEqualTo(1);
        }
    }
}
