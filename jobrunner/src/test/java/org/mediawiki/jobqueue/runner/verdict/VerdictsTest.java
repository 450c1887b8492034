package org.mediawiki.jobqueue.runner.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.Answer;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Attempt.Answered;
import org.mediawiki.jobqueue.runner.Attempt.Lost;
import org.mediawiki.jobqueue.runner.Attempt.NotSent;
import org.mediawiki.jobqueue.runner.Attempt.TimedOut;
import org.mediawiki.jobqueue.runner.Failure;
import org.mediawiki.jobqueue.runner.Failure.Cause;
import org.mediawiki.jobqueue.runner.Verdict;
import org.mediawiki.jobqueue.runner.Verdict.Dead;
import org.mediawiki.jobqueue.runner.Verdict.Done;
import org.mediawiki.jobqueue.runner.Verdict.Hold;
import org.mediawiki.jobqueue.runner.Verdict.Retry;
import org.mediawiki.jobqueue.runner.Verdict.Scope;

class VerdictsTest {

    private static final Duration READONLY = Duration.ofSeconds(61);
    private static final Duration UNREACHABLE = Duration.ofMillis(1500);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final Verdicts verdicts = new Verdicts(READONLY, UNREACHABLE, InstantSource.fixed(NOW));

    /** How the two endpoints word what went wrong. */
    enum Protocol {
        RPC("{\"status\":false,\"error\":\"the reason\",\"caught\":[{\"message\":\"not this one\"}]}"),
        REST("{\"httpCode\":500,\"httpReason\":\"not this one\",\"message\":\"the reason\"}");

        final String body;

        Protocol(String body) {
            this.body = body;
        }
    }

    private static Stream<Arguments> statusesOfBothProtocols(int... statuses) {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> IntStream.of(statuses).mapToObj(status -> Arguments.of(protocol, status)));
    }

    static Stream<Arguments> successes() {
        return statusesOfBothProtocols(200, 201, 202, 204, 299);
    }

    static Stream<Arguments> serverErrors() {
        return statusesOfBothProtocols(500, 501, 502, 503, 504, 505, 507, 511, 520, 599);
    }

    static Stream<Arguments> clientErrors() {
        return statusesOfBothProtocols(400, 401, 403, 404, 405, 408, 411, 413, 421, 422, 425, 431, 451, 499);
    }

    static Stream<Arguments> redirects() {
        return statusesOfBothProtocols(300, 301, 302, 303, 304, 307, 308, 399);
    }

    @ParameterizedTest
    @MethodSource("successes")
    void aSuccessIsDone(Protocol protocol, int status) {
        assertThat(judge(status, Map.of(), protocol.body)).isEqualTo(new Done(status));
    }

    @ParameterizedTest
    @MethodSource("serverErrors")
    void aServerErrorIsRetriedInTheRunnersOwnWords(Protocol protocol, int status) {
        Map<String, String> headers = Map.of("server", "mw1");
        Verdict verdict = judge(status, headers, protocol.body);
        String message = "HTTP " + status + ": the reason";
        assertThat(verdict).isEqualTo(new Retry(new Failure(Cause.STATUS, status, message, headers, protocol.body)));
    }

    @ParameterizedTest
    @MethodSource("clientErrors")
    void aClientErrorIsDeadAtOnce(Protocol protocol, int status) {
        Verdict verdict = judge(status, Map.of(), protocol.body);
        String message = "HTTP " + status + ": the reason";
        assertThat(verdict).isEqualTo(new Dead(new Failure(Cause.STATUS, status, message, Map.of(), protocol.body)));
    }

    @ParameterizedTest
    @MethodSource("redirects")
    void aRedirectIsDeadAndSaysWhereTo(Protocol protocol, int status) {
        Map<String, String> headers = Map.of("location", "https://elsewhere.example/");
        Verdict verdict = judge(status, headers, protocol.body);
        String message = "HTTP " + status + ": redirect to https://elsewhere.example/";
        assertThat(verdict).isEqualTo(new Dead(new Failure(Cause.REDIRECT, status, message, headers, protocol.body)));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void anIgnoredJobIsDone(Protocol protocol) {
        assertThat(judge(412, Map.of(), protocol.body)).isEqualTo(new Done(412));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aLockedWikiHoldsTheWiki(Protocol protocol) {
        assertThat(judge(423, Map.of(), protocol.body))
                .isEqualTo(new Hold(Scope.WIKI, READONLY, "HTTP 423: the reason"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 404, 412, 423, 429, 500, 503})
    void readOnlyWinsOverEveryStatus(int status) {
        Map<String, String> headers = Map.of("x-readonly", " True ", "retry-after", "5");
        assertThat(judge(status, headers, "<b>Fatal error</b>"))
                .isEqualTo(new Hold(Scope.WIKI, READONLY, "HTTP " + status + ": Fatal error"));
    }

    @Test
    void aReadOnlyHeaderThatIsNotTrueMeansNothing() {
        assertThat(judge(200, Map.of("x-readonly", "false"), "")).isEqualTo(new Done(200));
    }

    @ParameterizedTest
    @CsvSource({
        "429, 7, 7",
        "503, 7, 7",
        "429, ' 7 ', 7",
        "503, +7, 7",
        "429, 3600, 3600",
        "503, 3601, 3600",
        "429, 999999999999999999, 3600",
        "503, 99999999999999999999999999, 3600",
        "429, 0, 1",
        "503, -7, 1",
        "429, 'Sun, 22 Nov 2026 12:02:00 GMT', 120",
        "503, 'Sun, 22 Nov 2026 12:02:00 GMT', 120",
        "503, 'Sun, 22 Nov 2026 11:00:00 GMT', 1",
        "429, 'Mon, 22 Nov 2027 12:00:00 GMT', 3600",
    })
    void aRunnerThatAsksForPatienceHoldsTheType(int status, String retryAfter, long seconds) {
        assertThat(judge(status, Map.of("retry-after", retryAfter), ""))
                .isEqualTo(new Hold(Scope.TYPE, Duration.ofSeconds(seconds), "HTTP " + status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1.5", "7s", "-", "Sun, 99 Nov 2026 12:02:00 GMT", "99999999999999999999x"})
    void aRetryAfterThatIsNonsenseCountsAsAbsent(String nonsense) {
        Map<String, String> headers = Map.of("retry-after", nonsense);
        assertThat(judge(429, headers, "")).isEqualTo(new Hold(Scope.TYPE, Duration.ofSeconds(60), "HTTP 429"));
        assertThat(judge(503, headers, "")).isInstanceOf(Retry.class);
    }

    @Test
    void tooManyRequestsWithoutRetryAfterHoldsTheTypeForAMinute() {
        assertThat(judge(429, Map.of(), "")).isEqualTo(new Hold(Scope.TYPE, Duration.ofSeconds(60), "HTTP 429"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 500, 502, 504})
    void onlyTooManyRequestsAndUnavailableListenToRetryAfter(int status) {
        assertThat(judge(status, Map.of("retry-after", "7"), "")).isNotInstanceOf(Hold.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fatal error: Uncaught Error: Call to undefined function f() in /srv/mw/a.php:7",
                "PHP Fatal error:  Allowed memory size of 1 bytes exhausted in /srv/mw/a.php on line 7",
                "<br />\n<b>Fatal error</b>:  Maximum execution time exceeded in <b>/srv/mw/a.php</b>",
                "{\"status\":true}\nPHP Fatal error:  too late",
                "{\"status\":true,\"x\":\"\nFatal error: in the middle of the JSON",
                "<!DOCTYPE html><title>x</title><p>Fatal error in the page</p>",
            })
    void aPhpFatalInASuccessIsRetried(String body) {
        Verdict verdict = judge(200, Map.of("content-type", "text/html"), body);
        assertThat(verdict).isInstanceOfSatisfying(Retry.class, retry -> {
            assertThat(retry.failure().cause()).isEqualTo(Cause.PHP_FATAL);
            assertThat(retry.failure().status()).isEqualTo(200);
            assertThat(retry.failure().message()).contains("Fatal error").doesNotContain("<", "\n");
            assertThat(retry.failure().body()).isEqualTo(body);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":true,\"params\":{\"title\":\"PHP Fatal error: how to fix\"}}",
                " [\"<b>Fatal error</b>\"] \n",
                "\"Fatal error: as a whole\"",
            })
    void theWordsOfAFatalInsideWholeJsonAreOnlyWords(String body) {
        assertThat(judge(200, Map.of(), body)).isEqualTo(new Done(200));
    }

    /** Of a long answer only the start and the end are known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"log\":\"Fatal error: quoted|and the rest\"}",
                "{\"log\":\"x|y Fatal error: quoted\"}",
                "{\"log\":\"x|\\\\nFatal error: quoted behind an escaped line break\"}",
                "{\"log\":\"cut in an escape \\\\u00|41 PHP Fatal error: quoted\"}",
                "{\"a\":tru|e,\"log\":\"Fatal error: quoted\"}",
                "{\"log\":\"Fatal error\",\"n\":12|34}",
                "{\n  \"log\": [\n  1,|2,\n  \"Fatal error\"\n]}\n",
            })
    void theWordsOfAFatalInsideCutJsonAreOnlyWords(String body) {
        assertThat(judge(200, Map.of(), body.replace("|", Answer.CUT))).isEqualTo(new Done(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":true,\"log\":\"x|y\"}\nPHP Fatal error:  too late",
                "{\"status\":true,\"log\":\"x|y\"}\r\nFatal error: too late",
                "{\"status\":true,\"log\":\"x|y\"}<br />\n<b>Fatal error</b>:  too late",
                "{\"log\":\"Fatal error: quoted|and\"}\nFatal error: a real one",
                "{\"log\":\"x\nFatal error: breaks the JSON|and so on",
                "<p>a page|and Fatal error in the text",
                "<p>Fatal error at the top|and so on",
                "x|\nPHP Fatal error:  behind other output",
            })
    void aPhpFatalAtTheEndOfACutAnswerIsRetried(String body) {
        assertThat(judge(200, Map.of(), body.replace("|", Answer.CUT)))
                .isInstanceOfSatisfying(
                        Retry.class,
                        retry -> assertThat(retry.failure().message()).contains("Fatal error"));
    }

    /** As envoy, nginx, HAProxy and Apache word it when nobody stands behind them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | x-envoy-overloaded | true | ''",
                "503 | server | envoy | upstream connect error or disconnect/reset before headers. reset reason:"
                        + " connection timeout",
                "503 | server | envoy | no healthy upstream",
                "504 | server | envoy | upstream request timeout",
                "502 | server | nginx | <html><head><title>502 Bad Gateway</title></head><body></body></html>",
                "503 | cache-control | no-cache | <html><body><h1>503 Service Unavailable</h1></body></html>",
                "502 | server | Apache | The proxy server received an invalid response from an upstream server.",
            })
    void whatAProxySaysOfItsUpstreamIsRetried(int status, String header, String value, String body) {
        assertThat(judge(status, Map.of(header, value), body)).isInstanceOfSatisfying(Retry.class, retry -> {
            assertThat(retry.failure().cause()).isEqualTo(Cause.STATUS);
            assertThat(retry.failure().status()).isEqualTo(status);
        });
    }

    @Test
    void anOverloadedProxyThatSaysHowLongHoldsTheType() {
        Map<String, String> headers = Map.of("x-envoy-overloaded", "true", "retry-after", "5");
        assertThat(judge(503, headers, "")).isEqualTo(new Hold(Scope.TYPE, Duration.ofSeconds(5), "HTTP 503"));
    }

    @Test
    void aFatalInsideAFailureIsAPlainFailure() {
        assertThat(judge(500, Map.of(), "PHP Fatal error: x"))
                .isEqualTo(new Retry(new Failure(
                        Cause.STATUS, 500, "HTTP 500: PHP Fatal error: x", Map.of(), "PHP Fatal error: x")));
    }

    @Test
    void aRequestThatNeverLeftHoldsTheTarget() {
        assertThat(verdicts.judge(new NotSent("connection refused by 127.0.0.1:4448")))
                .isEqualTo(new Hold(Scope.TARGET, UNREACHABLE, "connection refused by 127.0.0.1:4448"));
    }

    @Test
    void aRequestThatTheServerDidNotTakeHoldsNobodyElse() {
        assertThat(verdicts.judge(new NotSent("the runner went away", true)))
                .isEqualTo(new Hold(Scope.JOB, Duration.ZERO, "the runner went away"));
    }

    @Test
    void aLostConnectionIsRetriedAsABadGateway() {
        assertThat(verdicts.judge(new Lost("reset")))
                .isEqualTo(new Retry(Failure.withoutAnswer(Cause.CONNECTION_LOST, 502, "reset")));
    }

    @Test
    void aTimeoutIsRetriedAsAGatewayTimeout() {
        assertThat(verdicts.judge(new TimedOut("no answer within 1210 s")))
                .isEqualTo(new Retry(Failure.withoutAnswer(Cause.TIMEOUT, 504, "no answer within 1210 s")));
    }

    @Test
    void everyStatusGetsAVerdictWhateverComesWithIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        IntStream statuses = IntStream.concat(
                IntStream.range(100, 600), IntStream.of(Integer.MIN_VALUE, -1, 0, 99, 600, 999, 65_536));
        statuses.forEach(status -> assertThat(judge(status, anyHeaders(random), anyBody(random)))
                .as("status %d, seed %d", status, seed)
                .isNotNull());
    }

    @Test
    void aStatusThatDoesNotExistIsRetried() {
        assertThat(judge(999, Map.of(), "")).isInstanceOf(Retry.class);
        assertThat(judge(101, Map.of(), "")).isInstanceOf(Retry.class);
    }

    @Test
    void aHoldMustBeLongerThanZero() {
        InstantSource clock = InstantSource.system();
        assertThatThrownBy(() -> new Verdicts(Duration.ZERO, UNREACHABLE, clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readonlyHold");
        assertThatThrownBy(() -> new Verdicts(READONLY, Duration.ofSeconds(-1), clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unreachableHold");
    }

    private Verdict judge(int status, Map<String, String> headers, String body) {
        return verdicts.judge((Attempt) new Answered(new Answer(status, headers, body)));
    }

    private static Map<String, String> anyHeaders(Random random) {
        String value = anyBody(random);
        return random.nextBoolean() ? Map.of() : Map.of("retry-after", value, "x-readonly", value, "location", value);
    }

    private static String anyBody(Random random) {
        String[] pieces = {
            "Fatal error", Answer.CUT, "{", "}", "[", "\"", "message", ":", "<", "head", "\0", "\ud800", "\n", "9"
        };
        StringBuilder body = new StringBuilder();
        random.ints(random.nextInt(2000), 0, pieces.length).forEach(piece -> body.append(pieces[piece]));
        return body.toString();
    }
}
