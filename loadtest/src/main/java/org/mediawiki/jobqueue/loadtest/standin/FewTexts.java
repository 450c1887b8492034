package org.mediawiki.jobqueue.loadtest.standin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts of which there are few, each with a number, so that a row of a table need keep no more than that. */
final class FewTexts {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    /** The number of the text, from 0; a new one where it has none. */
    int numberOf(String text) {
        return numbers.computeIfAbsent(text, this::add);
    }

    String text(int number) {
        return texts.get(number);
    }

    private int add(String text) {
        texts.add(text);
        return texts.size() - 1;
    }
}
