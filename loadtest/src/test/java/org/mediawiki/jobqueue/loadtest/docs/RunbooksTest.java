package org.mediawiki.jobqueue.loadtest.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.loadtest.observe.PromQl;

/** Who reads a runbook at 3 a.m. must not look for what there is not. */
final class RunbooksTest {

    private static final Path RUNBOOKS = Page.REPOSITORY.resolve("docs/runbooks");
    private static final Path INTAKE =
            Page.REPOSITORY.resolve("changeprop/src/main/java/org/mediawiki/jobqueue/changeprop/intake");
    private static final Page METRICS = Page.read(Page.REPOSITORY.resolve("docs/metrics.md"));
    private static final Page OPERATIONS = Page.read(Page.REPOSITORY.resolve("docs/operations.md"));

    /** Of HTTP. */
    private static final Pattern STATUS = Pattern.compile("(?<![\\w.])[1-5]\\d\\d(?![\\w.])");

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    static List<Page> runbooks() throws IOException {
        return Page.all().stream()
                .filter(page -> page.file().startsWith(RUNBOOKS))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("runbooks")
    void everyMetricThatARunbookNamesIsDocumented(Page page) {
        assertThat(PromQl.metrics(page.text()))
                .allSatisfy(metric -> assertThat(METRICS.text()).contains("`" + PromQl.family(metric) + "`"));
    }

    @Test
    void runbooksNameMetrics() throws IOException {
        assertThat(runbooks().stream()
                        .filter(page -> !PromQl.metrics(page.text()).isEmpty()))
                .hasSizeGreaterThan(15);
    }

    /** All other pages are about the answers of runners, which may be any. */
    @Test
    void whatTheIntakeIsSaidToAnswerItAnswers() throws IOException {
        Set<String> answers = new TreeSet<>();
        OPERATIONS
                .section("Taking events from MediaWiki")
                .lines()
                .filter(line -> line.startsWith("| "))
                .forEach(line -> answers.addAll(statuses(line.split("\\|", -1)[1])));
        Set<String> told = new TreeSet<>();
        for (Page page : runbooks()) {
            if (page.file().getFileName().toString().startsWith("JobQueuePosts")) {
                told.addAll(statuses(page.text()));
            }
        }

        assertThat(told).isNotEmpty().isSubsetOf(answers);
        assertThat(answers).isSubsetOf(ofTheIntake());
    }

    /** Those that stand in its sources, comments left aside. */
    private static Set<String> ofTheIntake() throws IOException {
        Set<String> written = new TreeSet<>();
        try (Stream<Path> sources = Files.list(INTAKE)) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                written.addAll(
                        statuses(COMMENT.matcher(Files.readString(source)).replaceAll("")));
            }
        }
        return written;
    }

    private static Set<String> statuses(String text) {
        return STATUS.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
