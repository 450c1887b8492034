package org.mediawiki.jobqueue.loadtest.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file of the repository. */
record Page(Path file, String text) {

    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Every page that people read. */
    static List<Page> all() throws IOException {
        try (Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(REPOSITORY::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        }
    }

    static Page read(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The code blocks that are marked as being in {@code language}. */
    List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** What stands below that heading of the second level. */
    String section(String heading) {
        return Arrays.stream(text.split("(?m)^## ", -1))
                .filter(section -> section.startsWith(heading + "\n"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no section " + heading + " in " + this));
    }

    /** The links to other files of the repository, without what they say about a place in them. */
    List<Path> linkedFiles() {
        return LINK.matcher(text)
                .results()
                .map((MatchResult link) -> link.group(1))
                .filter(link -> !link.contains("://") && !link.startsWith("#"))
                .map(link -> file.resolveSibling(link.replaceFirst("#.*", "")).normalize())
                .toList();
    }

    @Override
    public String toString() {
        return REPOSITORY.relativize(file).toString();
    }
}
