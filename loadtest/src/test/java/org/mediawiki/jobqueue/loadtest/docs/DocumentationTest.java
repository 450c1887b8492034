package org.mediawiki.jobqueue.loadtest.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import org.mediawiki.jobqueue.changeprop.config.NotInForce;
import org.mediawiki.jobqueue.changeprop.config.load.ConfigurationLoader;
import org.mediawiki.jobqueue.changeprop.config.load.LoadResult;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;
import org.mediawiki.jobqueue.loadtest.command.LoadTestCommand;
import org.mediawiki.jobqueue.loadtest.scenario.Suite;
import picocli.CommandLine;

/** What the pages show must work as they show it. */
final class DocumentationTest {

    private static final Page OPERATIONS = Page.read(Page.REPOSITORY.resolve("docs/operations.md"));

    private static final Map<String, Supplier<CommandLine>> PROGRAMS =
            Map.of("bin/jobqueue", JobQueueCommand::commandLine, "bin/loadtest", LoadTestCommand::commandLine);

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
        assertThat(commandsOf(page)).allSatisfy(words -> {
            CommandLine program =
                    Objects.requireNonNull(PROGRAMS.get(words.get(0))).get();
            List<String> arguments = words.subList(1, words.size());
            assertThat(program.parseArgs(arguments.toArray(String[]::new)).hasSubcommand())
                    .isTrue();
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

    /** What nobody finds is not run. */
    @Test
    void everySuiteIsShownWithItsFigures() {
        String pages = Stream.of("docs/performance.md", "docs/reliability.md")
                .map(page -> Page.read(Page.REPOSITORY.resolve(page)).text())
                .collect(Collectors.joining());

        assertThat(Suite.names()).allSatisfy(name -> assertThat(pages).contains("bin/loadtest suite " + name));
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

    /** Their words, that of the program first; where it is installed it takes the same. */
    private static List<List<String>> commandsOf(Page page) {
        return page.blocks("sh").stream()
                .flatMap(String::lines)
                .map(line -> line.replace("/opt/jobqueue/bin/", "bin/"))
                .map(DocumentationTest::wordsOf)
                .filter(words -> !words.isEmpty() && PROGRAMS.containsKey(words.get(0)))
                .toList();
    }

    /** What the environment gets stands before. */
    private static List<String> wordsOf(String line) {
        return Arrays.stream(line.strip().split("\\s+", -1))
                .dropWhile(word -> word.matches("[A-Z_]+=.*"))
                .toList();
    }
}
