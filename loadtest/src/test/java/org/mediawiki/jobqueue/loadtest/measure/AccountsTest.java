package org.mediawiki.jobqueue.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class AccountsTest {

    private final Accounts accounts = new Accounts(List.of());

    @Test
    void whatIsPolledHasEndedOrIsOpen() {
        accounts.add("""
                # TYPE jobqueue_records_polled_total counter
                jobqueue_records_polled_total{lane="main",type="a"} 7.0
                jobqueue_records_ended_total{as="done",lane="main",type="a"} 3.0
                jobqueue_records_ended_total{as="dead",lane="main",type="a"} 2.0
                jobqueue_records_open{lane="main",type="a"} 2.0
                jobqueue_records_polled_total{lane="main",type="b"} 1.0
                jobqueue_records_open{lane="main",type="b"} 1.0
                """);

        assertThat(accounts.tally()).isEqualTo(new Accounts.Tally(1, 0, List.of()));
    }

    @Test
    void oneTypeCannotMakeUpForAnother() {
        accounts.add("""
                jobqueue_records_polled_total{type="a"} 2.0
                jobqueue_records_ended_total{as="done",type="a"} 1.0
                jobqueue_records_polled_total{type="b"} 1.0
                jobqueue_records_ended_total{as="done",type="b"} 2.0
                """);

        assertThat(accounts.tally().wrong()).isEqualTo(1);
        assertThat(accounts.tally().examples())
                .containsExactly(
                        "a={jobqueue_records_ended_total=1.0, jobqueue_records_polled_total=2.0}",
                        "b={jobqueue_records_ended_total=2.0, jobqueue_records_polled_total=1.0}");
    }

    @Test
    void lessThanNothingIsNotOpen() {
        accounts.add("""
                jobqueue_records_polled_total{type="a"} 1.0
                jobqueue_records_ended_total{as="done",type="a"} 2.0
                jobqueue_records_open{type="a"} -1.0
                """);

        assertThat(accounts.tally().wrong()).isEqualTo(1);
    }

    @Test
    void aPageThatTellsNothingOfRecordsIsNoLook() {
        accounts.add("up 1\n");

        assertThat(accounts.tally()).isEqualTo(Accounts.Tally.NONE);
    }

    @Test
    void everyInstanceThatAnswersIsAsked() throws Exception {
        byte[] page = "jobqueue_records_polled_total{type=\"a\"} 1.0\n".getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        URI there = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
        URI nobody = URI.create("http://127.0.0.1:1/metrics");
        Accounts asking = new Accounts(List.of(nobody, there));

        asking.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> asking.tally().looks() > 0);
        asking.end();
        server.stop(0);

        assertThat(asking.tally().wrong()).isEqualTo(asking.tally().looks());
    }
}
