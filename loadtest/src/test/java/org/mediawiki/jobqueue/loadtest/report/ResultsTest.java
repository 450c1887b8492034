package org.mediawiki.jobqueue.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {

    static Result result(double jobsPerSecond) {
        return new Result(
                "throughput",
                "about </script> it",
                "jobqueue",
                1,
                Instant.parse("2026-11-25T12:00:00Z"),
                new Result.Machine(2, "17", List.of("-Xmx256m")),
                new Result.Counts(10, 10, 0, 0, 0, 0),
                new Result.Steady(10, jobsPerSecond, 40, 0.5, 200, 1_500, 20),
                null,
                List.of(new Result.Type("refreshLinks", 200, 200, 0.99), new Result.Type("other", null, 3, null)),
                List.of(
                        new Result.Second(-1, 5, 0, 0, null, null, 0.1, 90),
                        new Result.Second(0, 5, 9, 1, 2.5, 9.0, 1.1, 99)),
                List.of(new Result.Check("nothing is lost", true, "0 are")));
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("result.json");
        List<Result> results = List.of(result(1_000), result(2_000));

        Results.write(results, file);

        assertThat(Results.read(file)).isEqualTo(results);
    }

    @Test
    void oneBrokenPromiseIsNotGood() {
        Result good = result(1);

        assertThat(good.good()).isTrue();
        assertThat(new Result.Check("x", false, "y").held()).isFalse();
    }

    @Test
    void thePageNeedsNothingBesideItAndNoTextEndsItsScript() {
        String page = Page.of(List.of(result(1_000)));

        assertThat(page).doesNotContain("src=").doesNotContain("href=").doesNotContain("about </script>");
        assertThat(page).doesNotContain("/*results*/").doesNotContain("/*uplot*/");
    }
}
