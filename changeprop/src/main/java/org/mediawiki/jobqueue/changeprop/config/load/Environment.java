package org.mediawiki.jobqueue.changeprop.config.load;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** User and password, both: a variable that stands for them together brings the colon between them itself. */
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("://([^/?#]*:[^/?#]*)@");

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

    /**
     * The same of a URI: what is put in for a user or a password is percent-encoded, so that it may contain what has a
     * meaning in a URI. Values are taken as they are, never for encoded already: {@code %41} may be a password's own.
     */
    String replaceInUri(String text) {
        Matcher user = USER_AND_PASSWORD.matcher(text);
        if (!user.find()) {
            return replaceIn(text);
        }
        String encoded = REFERENCE.matcher(user.group(1)).replaceAll(this::encodedValueOf);
        return replaceIn(text.substring(0, user.start(1))) + encoded + replaceIn(text.substring(user.end(1)));
    }

    private String valueOf(MatchResult reference) {
        return Matcher.quoteReplacement(variables.getOrDefault(reference.group(1), reference.group()));
    }

    private String encodedValueOf(MatchResult reference) {
        return Optional.ofNullable(variables.get(reference.group(1)))
                .map(value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"))
                .orElseGet(() -> Matcher.quoteReplacement(reference.group()));
    }

    /** What to tell about a name that is not set. */
    String hintFor(String name) {
        List<String> known = new ArrayList<>(variables.keySet());
        return Spelling.nearest(name, known)
                .map(near -> "set it, or did you mean `${" + near + "}`?")
                .orElse("set the variable " + name + " in the environment of the process");
    }
}
