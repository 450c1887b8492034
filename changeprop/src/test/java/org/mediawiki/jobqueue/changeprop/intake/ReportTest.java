package org.mediawiki.jobqueue.changeprop.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final byte[] BODY = "[{\"a\":1.0},{\"b\":\"ü\"},{}]".getBytes(UTF_8);
    private static final Span A = new Span(1, 10);
    private static final Span B = new Span(11, 21);

    private final Report report = new Report(BODY);

    @Test
    void allAcceptedIs201AndNothingToSay() {
        report.accepted();
        report.accepted();

        assertThat(report.answer().status()).isEqualTo(201);
        assertThat(report.answer().body().length()).isZero();
        assertThat(report.answer().phrase()).isEqualTo("All 2 out of 2 events were accepted.");
    }

    @Test
    void someAcceptedIs207WithTheOthersAsTheyCame() {
        report.accepted();
        report.invalid(A, "no \"good\"\n");
        report.error(B, "not written");

        assertThat(report.answer().status()).isEqualTo(207);
        assertThat(report.answer().body())
                .hasToString("{\"invalid\":[{\"status\":\"invalid\",\"event\":{\"a\":1.0},"
                        + "\"context\":{\"message\":\"no \\\"good\\\"\\n\"}}],"
                        + "\"error\":[{\"status\":\"error\",\"event\":{\"b\":\"ü\"},"
                        + "\"context\":{\"message\":\"not written\"}}]}");
        assertThat(new JsonObject(report.answer().body()).fieldNames()).containsExactly("invalid", "error");
    }

    @Test
    void allInvalidIs400() {
        report.invalid(A, "x");

        assertThat(report.answer().status()).isEqualTo(400);
        assertThat(report.answer().body().toString())
                .startsWith("{\"invalid\":[{")
                .doesNotContain("\"error\"");
    }

    @Test
    void noneAcceptedAndOneNotWrittenIs500() {
        report.invalid(A, "x");
        report.error(B, "y");

        assertThat(report.answer().status()).isEqualTo(500);
    }
}
