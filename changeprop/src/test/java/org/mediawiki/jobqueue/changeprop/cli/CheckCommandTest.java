package org.mediawiki.jobqueue.changeprop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CheckCommandTest {

    private static final String GOOD = """
            kafka: {bootstrap_servers: ['kafka1:9092', 'kafka2:9092']}
            targets:
              near: {uri: 'https://near.example.org/rpc/RunSingleJob.php'}
              far: {uri: 'http://far/', timeout: 24h}
              debug: {server_group: mw-debug}
            server_groups: {mw-debug: {host: mw-debug.example.org, port: 4444}}
            lanes:
              main:
                target: near
                jobs:
                  refreshLinks: {concurrency: 240, per_section: 30, abandon_root_after: 7d}
                  cdnPurge: {rate: 5/s, retry: {limit: 0}, paused: true}
                low_traffic: {}
                exclude: [ThumbnailRender]
              video: {target: far, concurrency: 15, jobs: {webVideoTranscode: {priority: 10, retry: {limit: 9}}}}
            """;

    private static final String PROBLEMS = """
            FILE:15: lanes.video.target: there is no such target
                found  fat
                hint   did you mean `far`?
            FILE:16: foo: unknown key
                found  1
                hint   known here: service, dc, instance, kafka, server_groups, targets, lanes, sections, retry, breaker, dedupe, \
            scheduler, readonly_hold, delay_limit, drain_timeout, intake, standalone, admin, tracing

            2 problems; nothing was started.
            """;

    private static final String REPORT = """
            FILE is valid.

            Service  cpjobqueue in eqiad
            Kafka    kafka1:9092 and 1 more
            Breaker  opens at 50% of 20 or more calls in 1m or 20 failures in a row, after 3s sends 3 probes
            Dedupe   memory, jobs for 1h, leaves of root events for 1d
            Waiting  in Kafka and a temporary folder, with 64MiB of memory
            Admin    127.0.0.1:9102, nothing can be changed: no token
            Intake   off

            TARGET  SERVER GROUP  URI                                                     PROTOCOL  TIMEOUT  CONNECT  MAX AGE  HOST    HTTP/2  TLS
            near    -             https://near.example.org/rpc/RunSingleJob.php           rpc       1210s    5s       5m       domain  auto    JDK's authorities
            far     -             http://far/                                             rpc       1d       5s       5m       domain  auto    none
            debug   mw-debug      https://mw-debug.example.org:4444/rpc/RunSingleJob.php  rpc       1210s    5s       5m       domain  auto    JDK's authorities

            LANE   TARGET  CONSUMER GROUP    AT ONCE  EVERY OTHER JOB TYPE              NOT RUN
            main   near    cpjobqueue              -  50 at once, one type at most 60%  ThumbnailRender
            video  far     cpjobqueue-video       15  -                                 -

            JOB TYPE           LANE   POOL              AT ONCE  PER SECTION  RATE  PRIORITY  TIMEOUT  RETRIES AFTER              DROPPED WHEN OLDER  PAUSED
            refreshLinks       main   its own               240           30  -            -  1210s    1m 6m                      root 7d             -
            cdnPurge           main   its own                30            -  5/s          -  1210s    never                      -                   paused
            (every other)      main   low_traffic_jobs       50            -  -            -  1210s    1m 6m                      -                   -
            webVideoTranscode  video  its own                30            -  -           10  1d       1m 6m 36m 216m and 5 more  -                   -

            Columns that no job type uses are left out.
            per_section is a limit for ALL WIKIS TOGETHER: without `sections` they are one section.
            Limits hold for the whole fleet, but while a job type moves to another pool, or instances have different configurations, a pool may have two owners for some seconds, each with the whole limit.
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = JobQueueCommand.commandLine();

    @BeforeEach
    void capture() {
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }

    @Test
    void printsWhatIsInForceForEveryJobType() throws IOException {
        String file = write(GOOD);

        int exitCode = commandLine.execute("check", "--config", file);

        assertThat(exitCode).isZero();
        assertThat(out).hasToString(REPORT.replace("FILE", file));
    }

    @Test
    void aPortThatChangesCanBeMadeOverSaysNothingOfThat() throws IOException {
        String file = write(GOOD + "admin: {port: 9103, token: hush}");

        commandLine.execute("check", "--config", file);

        assertThat(out.toString().lines()).contains("Admin    127.0.0.1:9103");
    }

    @Test
    void aLimitOfTheSectionsOfThePoolIsOneOfAllWikisWhereThereAreNoSections() throws IOException {
        String file = write(
                GOOD.replace("per_section: 30, ", "").replace("low_traffic: {}", "low_traffic: {per_section: 3}"));

        commandLine.execute("check", "--config", file);

        assertThat(out.toString()).contains("per_section is a limit for ALL WIKIS TOGETHER");
    }

    @Test
    void aLaneThatIsPausedIsSeenAndSoIsWhatItStops() throws IOException {
        String file = write(GOOD.replace("concurrency: 15, ", "concurrency: 15, paused: true, "));

        commandLine.execute("check", "--config", file);

        assertThat(out.toString().lines())
                .filteredOn(line -> line.endsWith(" paused"))
                .extracting(line -> line.replaceFirst(" .*", ""))
                .containsExactly("video", "cdnPurge", "webVideoTranscode");
    }

    @Test
    void printsEveryProblemAndExitsWithTwo() throws IOException {
        String file = write(GOOD.replace("target: far", "target: fat") + "foo: 1");

        int exitCode = commandLine.execute("check", "--config", file);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err).hasToString(PROBLEMS.replace("FILE", file));
    }

    @Test
    void exitsWithTwoWhereTheFileIsMissing() {
        String missing = folder.resolve("none").toString();

        assertThat(commandLine.execute("check", "--config", missing)).isEqualTo(2);
    }

    /** Over HTTP/1.1 the jobs beyond would wait for a connection, and open the breaker of a target that is well. */
    @ParameterizedTest
    @CsvSource({"'',false", "concurrency: 9710,false", "concurrency: 9711,true", "concurrency: 100000,true"})
    void saysWhereALaneMayRunMoreThanAProcessHasConnections(String limit, boolean isSaid) throws IOException {
        String file = write(GOOD.replace("cdnPurge: {", "cdnPurge: {" + (limit.isEmpty() ? "" : limit + ", ")));

        assertThat(commandLine.execute("check", "--config", file)).isZero();

        assertThat(out.toString().contains("The limits of lane main let ")).isEqualTo(isSaid);
    }

    @Test
    void aLimitOfTheLaneKeepsItBelowThat() throws IOException {
        String file = write(GOOD.replace("concurrency: 240", "concurrency: 20000")
                .replace("target: near", "target: near\n    concurrency: 10000"));

        assertThat(commandLine.execute("check", "--config", file)).isZero();

        assertThat(out.toString()).doesNotContain("CONNECTIONS");
    }

    @Test
    void looksForFilesUnlessToldNotTo() throws IOException {
        String file = write(GOOD.replace("timeout: 24h", "tls: {ca: none.pem}"));

        assertThat(commandLine.execute("check", "--config", file)).isEqualTo(2);
        assertThat(commandLine.execute("check", "--skip-files", "--config", file))
                .isZero();
    }

    @Test
    void takesTheFileOfASmallWikiWhichSaysNothingOfKafka() throws IOException {
        String file = write("targets: {wiki: {uri: 'http://127.0.0.1/w/rest.php'}}");

        assertThat(commandLine.execute("check", "--config", file)).isEqualTo(2);
        assertThat(commandLine.execute("check", "--standalone", "--config", file))
                .isZero();
    }

    private String write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("jobqueue.yaml"), yaml).toString();
    }
}
