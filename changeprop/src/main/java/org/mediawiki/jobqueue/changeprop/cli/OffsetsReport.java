package org.mediawiki.jobqueue.changeprop.cli;

import java.util.stream.Collectors;
import org.mediawiki.jobqueue.changeprop.offsets.Transfer;
import org.mediawiki.jobqueue.changeprop.offsets.Transfer.Decision;
import org.mediawiki.jobqueue.changeprop.offsets.Transfer.Entry;

/** Which offsets would be set, and which not, and why. */
final class OffsetsReport {

    /** More of them are counted instead of listed. */
    private static final int MOST_LISTED = 10;

    private OffsetsReport() {}

    /** The text, ending with a line break. */
    static String of(String lane, Transfer transfer) {
        TextTable table = new TextTable("TOPIC", "PARTITION", "FROM GROUP", "TO GROUP", "STANDS AT", "BECOMES");
        transfer.entries().stream()
                .filter(entry -> entry.decision() != Decision.SAME)
                .forEach(entry -> table.row(
                        entry.partition().topic(),
                        Integer.toString(entry.partition().partition()),
                        entry.from(),
                        entry.to(),
                        entry.before().map(String::valueOf).orElse(TextTable.NOTHING),
                        becomes(entry)));
        boolean isEmpty = transfer.count(Decision.SAME) == transfer.entries().size();
        return "Lane " + lane + "\n" + (isEmpty ? "" : table) + summary(transfer);
    }

    private static String becomes(Entry entry) {
        return entry.decision() == Decision.FARTHER ? "stays" : Long.toString(entry.offset());
    }

    private static String summary(Transfer transfer) {
        StringBuilder text = new StringBuilder();
        text.append(transfer.count(Decision.WRITE)).append(" to set, ");
        text.append(transfer.count(Decision.SAME)).append(" are there already, ");
        text.append(transfer.count(Decision.FARTHER)).append(" have come farther and stay.\n");
        if (!transfer.unknown().isEmpty()) {
            text.append("Of ").append(transfer.unknown().size()).append(" partitions nothing is known: ");
            text.append(transfer.unknown().stream()
                    .limit(MOST_LISTED)
                    .map(Object::toString)
                    .collect(Collectors.joining(", ")));
            text.append(transfer.unknown().size() > MOST_LISTED ? ", ...\n" : "\n");
        }
        return text.toString();
    }
}
