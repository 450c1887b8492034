package org.mediawiki.jobqueue.changeprop.intake;

/** Tells a client what became of its events, as far as that is known by then. On the intake's context. */
final class Settlement {

    private final IntakeParts parts;
    private final Reply reply;
    private final byte[] body;
    private final Pending pending;
    private boolean judged;

    /** {@code pending} is about the events that stand in {@code body}. */
    Settlement(IntakeParts parts, Reply reply, byte[] body, Pending pending) {
        this.parts = parts;
        this.reply = reply;
        this.body = body;
        this.pending = pending;
    }

    /** Once: what becomes known after the answer is nobody's any more. */
    void judge() {
        if (judged) {
            return;
        }
        judged = true;
        Report report = pending.report(
                body, "not acknowledged within " + parts.config().patience() + "; it may still be written");
        parts.listener().judged(report.acceptedCount(), report.invalidCount(), report.errorCount());
        Report.Answer answer = report.answer();
        reply.give(answer.status(), answer.phrase(), answer.body());
    }
}
