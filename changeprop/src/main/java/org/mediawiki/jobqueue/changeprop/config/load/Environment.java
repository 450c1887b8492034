package org.mediawiki.jobqueue.changeprop.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} in texts. What is put in is not looked at again, so a variable's value may contain anything.
 *
 * @param variables names and values
 */
record Environment(Map<String, String> variables) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");

    private static final Pattern IN_YAML = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final String SHIELDED = "\uE000\uE001$1\uE002";

    /**
     * Hides the braces of references, which YAML takes for its own where maps are written in braces. Characters of the
     * private use area stand in for them one for one, so that columns stay right.
     */
    static String shield(String yaml) {
        return IN_YAML.matcher(yaml).replaceAll(SHIELDED);
    }

    /** Undoes {@link #shield} in a text that YAML has taken apart. */
    static String unshield(String text) {
        return text.replace('\uE000', '$').replace('\uE001', '{').replace('\uE002', '}');
    }

    /** The names in a text that are not set, in their order. */
    List<String> missingIn(String text) {
        return REFERENCE
                .matcher(text)
                .results()
                .map(reference -> reference.group(1))
                .filter(name -> !variables.containsKey(name))
                .toList();
    }

    /** The text with every reference replaced; one that is not set stays as it is. */
    String replaceIn(String text) {
        return REFERENCE.matcher(text).replaceAll(this::valueOf);
    }

    private String valueOf(MatchResult reference) {
        return Matcher.quoteReplacement(variables.getOrDefault(reference.group(1), reference.group()));
    }

    /** What to tell about a name that is not set. */
    String hintFor(String name) {
        List<String> known = new ArrayList<>(variables.keySet());
        return Spelling.nearest(name, known)
                .map(near -> "set it, or did you mean `${" + near + "}`?")
                .orElse("set the variable " + name + " in the environment of the process");
    }
}
