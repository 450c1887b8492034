package org.mediawiki.jobqueue.loadtest.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import org.mediawiki.jobqueue.changeprop.config.NotInForce;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;
import picocli.CommandLine;

/** What the pages show must work as they show it. */
final class DocumentationTest {

    private static final Page OPERATIONS = Page.read(Page.REPOSITORY.resolve("docs/operations.md"));

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyConfigurationIsValid(Page page) {
        ConfigurationLoader loader = new ConfigurationLoader(Map.of("JOBQUEUE_ADMIN_TOKEN", "secret"), anyFile -> true);

        Stream<String> configurations = page.blocks("yaml").stream().filter(yaml -> yaml.contains("kafka:"));

        assertThat(configurations)
                .allSatisfy(yaml -> assertThat(problemsOf(loader.parse(yaml))).isEmpty());
    }

    /** What is shown there without Kafka is for {@code standalone}. */
    @Test
    void everyConfigurationOfASmallWikiIsValid() {
        ConfigurationLoader loader = ConfigurationLoader.standalone(Map.of(), anyFile -> true, "127.0.0.1:9");
        List<String> configurations =
                Page.read(Page.REPOSITORY.resolve("docs/small-wiki.md")).blocks("yaml");

        assertThat(configurations)
                .isNotEmpty()
                .allSatisfy(yaml -> assertThat(problemsOf(loader.parse(yaml))).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandParses(Page page) {
        assertThat(commandsOf(page)).allSatisfy(arguments -> {
            CommandLine.ParseResult parsed = JobQueueCommand.commandLine().parseArgs(arguments);
            assertThat(parsed.hasSubcommand()).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFile(Page page) {
        assertThat(page.linkedFiles()).allSatisfy(file -> assertThat(file).exists());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyQuotedLogLineIsOneOfTheService(Page page) throws IOException {
        assertThat(LogLine.ofTheService()).containsAll(LogLine.quotedBy(page));
    }

    @Test
    void theOperationsPageQuotesLogLines() {
        assertThat(LogLine.quotedBy(OPERATIONS)).hasSizeGreaterThan(10);
    }

    @Test
    void theOperationsPageTellsEveryLimitation() {
        assertThat(OPERATIONS.text()).contains(NotInForce.LIMITATIONS);
    }

    @Test
    void theReadmeShowsEveryCommand() {
        Page readme = Page.read(Page.REPOSITORY.resolve("README.md"));

        assertThat(JobQueueCommand.commandLine().getSubcommands().keySet())
                .allSatisfy(command -> assertThat(readme.text()).contains("`bin/jobqueue " + command));
    }

    private static List<Problem> problemsOf(LoadResult result) {
        return result.match(loaded -> List.of(), refused -> refused.problems());
    }

    private static List<String[]> commandsOf(Page page) {
        return page.blocks("sh").stream()
                .flatMap(String::lines)
                .flatMap(line -> argumentsOf(line).stream())
                .toList();
    }

    private static Optional<String[]> argumentsOf(String line) {
        String[] words = line.strip().split("\\s+", -1);
        return words[0].equals("bin/jobqueue")
                ? Optional.of(Arrays.copyOfRange(words, 1, words.length))
                : Optional.empty();
    }
}
