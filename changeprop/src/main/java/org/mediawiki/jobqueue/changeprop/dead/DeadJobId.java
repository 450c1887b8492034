package org.mediawiki.jobqueue.changeprop.dead;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a dead job for as long as its record is kept: where that stands in the error topic.
 *
 * @param partition of the error topic
 */
public record DeadJobId(int partition, long offset) implements Comparable<DeadJobId> {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})");
    private static final Comparator<DeadJobId> ORDER =
            Comparator.comparingInt(DeadJobId::partition).thenComparingLong(DeadJobId::offset);

    /** Empty where {@code text} names none. */
    public static Optional<DeadJobId> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new DeadJobId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    /** What people and programs pass on, such as {@code 3-1204}. */
    public String text() {
        return partition + "-" + offset;
    }

    @Override
    public int compareTo(DeadJobId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text();
    }
}
