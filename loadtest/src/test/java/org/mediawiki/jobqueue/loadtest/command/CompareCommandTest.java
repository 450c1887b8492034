package org.mediawiki.jobqueue.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.report.Results;
import org.mediawiki.jobqueue.loadtest.report.SampleResults;
import picocli.CommandLine.ExitCode;

final class CompareCommandTest {

    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    private final List<Result> results = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void twoAreAlikeOneIsSlowAndOneRanTwiceOnly() {
        add("usual", ROUNDS, 20_000);
        add("alike", ROUNDS, 20_000);
        add("slow", ROUNDS, 10_000);
        add("brief", ROUNDS - 1, 20_000);
    }

    @Test
    void whatIsWorseIsSaidAndFailsOnlyWhereThatIsAskedFor() throws Exception {
        assertThat(compare("usual", "slow")).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(line("jobs/s")).endsWith("LOWER, worse");

        assertThat(compare("usual", "slow", "--fail-on-worse")).isEqualTo(ExitCode.SOFTWARE);
    }

    @Test
    void whatIsBetterOrTheSameDoesNotFail() throws Exception {
        assertThat(compare("slow", "usual", "--fail-on-worse"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(line("jobs/s")).endsWith("HIGHER");

        assertThat(compare("usual", "alike", "--fail-on-worse")).isEqualTo(ExitCode.OK);
    }

    @Test
    void withTooFewRoundsNobodyCanTellAndThatIsNoSuccess() throws Exception {
        assertThat(compare("usual", "brief")).isEqualTo(ExitCode.OK);

        assertThat(compare("usual", "brief", "--fail-on-worse")).isEqualTo(ExitCode.USAGE);

        assertThat(line("jobs/s")).as("the table is told all the same").endsWith("(fewer than 3 rounds)");
        assertThat(err.toString()).contains("needs 3 rounds");
    }

    /** The slow one halves half of the figures, which is within the spread of both together. */
    @Test
    void ofAFileOfSeveralContendersOneIsCompared() throws Exception {
        String file = file();

        assertThat(execute("compare", file, file)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("alike, brief, slow, usual", "--contender", "--in");

        assertThat(execute("compare", file, file, "--contender", "slow"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(line("jobs/s")).contains("10,002.0").doesNotContain("20,002.0");
    }

    @Test
    void aContenderThatThereIsNotIsToldWithThoseThatThereAre() throws Exception {
        assertThat(compare("usual", "fast")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("No contender fast in ")
                .contains("result.json; there are alike, brief, slow, usual.");
    }

    @Test
    void filesOfOneContenderEachAreComparedWhateverTheirNames() throws Exception {
        results.removeIf(result -> !result.contender().equals("usual"));
        String before = file();
        results.clear();
        add("slow", ROUNDS, 10_000);
        Path after = folder.resolve("after.json");
        Results.write(results, after);

        assertThat(execute("compare", before, after.toString(), "--fail-on-worse"))
                .as(err.toString())
                .isEqualTo(ExitCode.SOFTWARE);
    }

    @Test
    void aNewRecordBeginsWithTheNamesOfItsColumnsAndOneThatIsThereGoesOn() throws Exception {
        Path record = folder.resolve("figures.csv");

        compare("usual", "slow", "--record", record.toString());
        List<String> first = Files.readAllLines(record);
        compare("slow", "usual", "--record", record.toString());

        assertThat(first.get(0)).isEqualTo("date,commit,scenario,figure,median,rounds");
        assertThat(first.get(1)).matches("\\d{4}-\\d{2}-\\d{2},slow,throughput,jobs/s,10002.00,3");
        assertThat(Files.readAllLines(record))
                .hasSize(2 * first.size() - 1)
                .startsWith(first.toArray(String[]::new))
                .doesNotHaveDuplicates();
    }

    private void add(String contender, int rounds, double jobsPerSecond) {
        for (int round = 1; round <= rounds; round++) {
            results.add(SampleResults.of(
                    contender, round, new Result.Steady(10, jobsPerSecond + round, 40, 1, 300, 2_000, 20)));
        }
    }

    private int compare(String first, String second, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("compare", "--in", file(), first, second));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    private String file() throws Exception {
        Path file = folder.resolve("result.json");
        Results.write(results, file);
        return file.toString();
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        return LoadTestCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private String line(String figure) {
        return out.toString()
                .lines()
                .filter(line -> line.contains(figure))
                .findFirst()
                .orElseThrow();
    }
}
