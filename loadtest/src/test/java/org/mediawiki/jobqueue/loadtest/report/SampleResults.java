package org.mediawiki.jobqueue.loadtest.report;

import java.time.Instant;
import java.util.List;

/** Results to test with. */
public final class SampleResults {

    private SampleResults() {}

    static Result of(Result.Steady steady) {
        return of("jobqueue", 1, steady);
    }

    /** Of {@code throughput}. */
    public static Result of(String contender, int round, Result.Steady steady) {
        return new Result(
                "throughput",
                "about </script> it",
                contender,
                round,
                Instant.parse("2026-11-25T12:00:00Z"),
                new Result.Machine(2, "17", List.of("-Xmx256m")),
                new Result.Counts(10, 10, 0, 0, 0, 0),
                steady,
                null,
                List.of(new Result.Type("refreshLinks", 200, 200, 0.99), new Result.Type("other", null, 3, null)),
                List.of(
                        new Result.Second(-1, 5, 0, 0, null, null, 0.1, 90),
                        new Result.Second(0, 5, 9, 1, 2.5, 9.0, 1.1, 99)),
                List.of(new Result.Check("nothing is lost", true, "0 are")));
    }
}
