package org.mediawiki.jobqueue.changeprop.dead;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.dead.ErrorTopic.Stretch;

/** Where a sweep goes on, as text that its caller hands back: no instance has to remember it. */
final class SweepCursor {

    private static final Pattern PART = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})-([0-9]{1,18})");

    private SweepCursor() {}

    static String text(Stretch stretch) {
        return stretch.from().entrySet().stream()
                .map(part -> part.getKey() + ":" + part.getValue() + "-"
                        + stretch.to().getOrDefault(part.getKey(), 0L))
                .collect(Collectors.joining("_"));
    }

    /** Empty where {@code text} is none. */
    static Optional<Stretch> parse(String text) {
        Map<Integer, Long> from = new TreeMap<>();
        Map<Integer, Long> to = new TreeMap<>();
        for (String part : text.split("_", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int partition = Integer.parseInt(matcher.group(1));
            from.put(partition, Long.parseLong(matcher.group(2)));
            to.put(partition, Long.parseLong(matcher.group(3)));
        }
        return Optional.of(new Stretch(from, to));
    }
}
