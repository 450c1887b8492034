package org.mediawiki.jobqueue.changeprop.intake;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What is known so far of the events of one post. Told on any thread; asked on any other. */
final class Pending {

    /** The event is safe. */
    private static final String NONE = "";

    private final List<Span> spans;
    private final List<Examined> examined;
    private final AtomicReferenceArray<String> faults;
    private final AtomicInteger left;

    /** {@code good} of the {@code examined} events may be written. */
    Pending(List<Span> spans, List<Examined> examined, int good) {
        this.spans = spans;
        this.examined = examined;
        this.faults = new AtomicReferenceArray<>(good);
        this.left = new AtomicInteger(good);
    }

    /**
     * What became of one of the good events, see {@link Store.Told}.
     *
     * @return whether it was the last that was waited for
     */
    boolean told(int index, Optional<String> fault) {
        faults.set(index, fault.orElse(NONE));
        return left.decrementAndGet() == 0;
    }

    /** What is known now; {@code silence} is why an event is not known to be safe of which nothing was heard yet. */
    Report report(byte[] body, String silence) {
        Report report = new Report(body);
        int[] good = {0};
        for (int i = 0; i < examined.size(); i++) {
            Span span = spans.get(i);
            examined.get(i)
                    .accept(
                            ok -> tell(report, span, faults.get(good[0]++), silence),
                            bad -> report.invalid(span, bad.reason()));
        }
        return report;
    }

    private static void tell(Report report, Span span, @Nullable String fault, String silence) {
        if (fault == null) {
            report.error(span, silence);
        } else if (fault.equals(NONE)) {
            report.accepted();
        } else {
            report.error(span, fault);
        }
    }
}
