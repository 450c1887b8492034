package org.mediawiki.jobqueue.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {

    static Result result(double jobsPerSecond) {
        return SampleResults.of(new Result.Steady(10, jobsPerSecond, 40, 0.5, 200, 1_500, 20));
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
