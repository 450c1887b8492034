package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
final class Spelling {

    private Spelling() {}

    /** The known word that is nearest, if one is near enough to be meant: one letter in three may be wrong. */
    static Optional<String> nearest(String word, Collection<String> known) {
        String folded = fold(word);
        int tolerance = Math.min(Math.max(1, folded.length() / 3), folded.length() - 1);
        return known.stream()
                .filter(candidate -> distance(folded, fold(candidate)) <= tolerance)
                .min(Comparator.<String>comparingInt(candidate -> distance(folded, fold(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A question that names the nearest word, or all of them where none is near. */
    static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "did you mean `" + near + "`?")
                .orElseGet(() -> "known here: " + String.join(", ", known));
    }

    /** Case and separators do not count: {@code perSection} is {@code per_section}. */
    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Levenshtein's distance, a swap of neighbours counted as one. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
