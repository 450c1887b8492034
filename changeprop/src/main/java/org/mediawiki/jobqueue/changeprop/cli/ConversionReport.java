package org.mediawiki.jobqueue.changeprop.cli;

import java.util.List;
import org.mediawiki.jobqueue.changeprop.convert.ConversionResult.Converted;
import org.mediawiki.jobqueue.changeprop.convert.ConversionResult.Refused;
import org.mediawiki.jobqueue.changeprop.convert.Difference;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;
import org.mediawiki.jobqueue.changeprop.convert.Refusal;

/** What a conversion found, as a person wants to read it. */
final class ConversionReport {

    private ConversionReport() {}

    /** Every difference, by what it asks of the reader. */
    static String of(Converted converted) {
        StringBuilder text = new StringBuilder();
        for (Kind kind : Kind.values()) {
            List<Difference> ofKind = converted.differences().stream()
                    .filter(difference -> difference.kind() == kind)
                    .toList();
            if (!ofKind.isEmpty()) {
                text.append(kind.title()).append(" (").append(ofKind.size()).append("):\n");
                ofKind.forEach(difference -> text.append("  ")
                        .append(difference.path().isEmpty() ? "" : difference.path() + ": ")
                        .append(difference.text())
                        .append('\n'));
                text.append('\n');
            }
        }
        return text.append("Converted; validate it with `jobqueue check --skip-files --config FILE`.\n")
                .toString();
    }

    /** Everything that stands in the way. */
    static String of(Refused refused) {
        StringBuilder text = new StringBuilder();
        for (Refusal refusal : refused.refusals()) {
            text.append(refusal.path().isEmpty() ? "" : refusal.path() + ": ")
                    .append(refusal.rule())
                    .append('\n')
                    .append("    hint   ")
                    .append(refusal.hint())
                    .append('\n');
        }
        int count = refused.refusals().size();
        return text.append('\n')
                .append(count == 1 ? "1 problem" : count + " problems")
                .append("; nothing was converted.\n")
                .toString();
    }
}
