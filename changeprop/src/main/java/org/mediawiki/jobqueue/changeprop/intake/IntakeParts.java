package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.Context;
import io.vertx.core.WorkerExecutor;
import org.mediawiki.jobqueue.changeprop.config.IntakeConfig;
import org.mediawiki.jobqueue.runner.Time;

/** What all posts share. */
record IntakeParts(
        Context context,
        WorkerExecutor workers,
        IntakeConfig config,
        ByteBudget budget,
        Examination examination,
        Store store,
        Connections connections,
        IntakeListener listener,
        Time time) {

    void tellBudget() {
        listener.inHand(budget.taken(), budget.waiting());
    }

    /** Runs {@code action} on the intake's context, later. Any thread. */
    void onContext(Runnable action) {
        context.runOnContext(ignored -> action.run());
    }
}
