package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The file as a tree, variables replaced, and for each path where and how it was written.
 *
 * @param root the tree
 * @param lines the line of each key and item, from 1
 * @param written the text of those values that variables were replaced in, as it stands in the file
 */
record Document(ObjectNode root, Map<JsonPointer, Integer> lines, Map<JsonPointer, String> written) {

    private static final int MAX_SHOWN = 60;
    private static final Pattern SECRET =
            Pattern.compile("pas+(w|phrase)|secret|token|jaas|(^|\\.)key$|redis/uri$", Pattern.CASE_INSENSITIVE);

    /** A problem with what stands at a path, or with what is missing below it. */
    Problem problem(JsonPointer at, String rule, String hint) {
        return new Problem(display(at), line(at), shown(at), rule, hint);
    }

    /** The line of a path; of one that is not in the file, that of the nearest map around it. */
    OptionalInt line(JsonPointer at) {
        for (JsonPointer here = at; here != null; here = here.head()) {
            Integer line = lines.get(here);
            if (line != null) {
                return OptionalInt.of(line);
            }
        }
        return OptionalInt.empty();
    }

    /** What stands at a path, for people: before variables were replaced, since those may hold secrets. */
    private String shown(JsonPointer at) {
        JsonNode value = root.at(at);
        if (value.isMissingNode()) {
            return "";
        }
        String raw = written.get(at);
        String text = raw != null ? raw : value.isValueNode() ? value.asText() : value.toString();
        if (raw == null && SECRET.matcher(at.toString()).find()) {
            return "(hidden)";
        }
        String onOneLine = text.replaceAll("\\p{Cntrl}", " ");
        return onOneLine.length() > MAX_SHOWN ? onOneLine.substring(0, MAX_SHOWN) + "..." : onOneLine;
    }

    /** {@code /kafka/bootstrap_servers/0} as {@code kafka.bootstrap_servers[0]}. */
    static String display(JsonPointer at) {
        StringBuilder path = new StringBuilder();
        for (JsonPointer rest = at; !rest.matches(); rest = rest.tail()) {
            if (rest.mayMatchElement()) {
                path.append('[').append(rest.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(rest.getMatchingProperty());
            }
        }
        return path.toString();
    }
}
