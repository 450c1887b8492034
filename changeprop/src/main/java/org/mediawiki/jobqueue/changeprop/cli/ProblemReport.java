package org.mediawiki.jobqueue.changeprop.cli;

import java.util.List;
import org.mediawiki.jobqueue.changeprop.config.load.Problem;

/**
 * What is wrong with a configuration, as a person wants to read it. The first line of each problem is what compilers
 * print, so that editors and terminals jump to it.
 */
final class ProblemReport {

    private ProblemReport() {}

    /**
     * The text, ending with a line break.
     *
     * @param file the file's name as the user wrote it
     */
    static String of(String file, List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(file);
            problem.line().ifPresent(line -> text.append(':').append(line));
            text.append(": ");
            if (!problem.path().isEmpty()) {
                text.append(problem.path()).append(": ");
            }
            text.append(problem.rule()).append('\n');
            detail(text, "found", problem.value());
            detail(text, "hint", problem.hint());
        }
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return text.append('\n')
                .append(count)
                .append("; nothing was started.\n")
                .toString();
    }

    private static void detail(StringBuilder text, String label, String detail) {
        if (!detail.isEmpty()) {
            text.append("    %-7s".formatted(label)).append(detail).append('\n');
        }
    }
}
