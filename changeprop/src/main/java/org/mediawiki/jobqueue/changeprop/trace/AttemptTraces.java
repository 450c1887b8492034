package org.mediawiki.jobqueue.changeprop.trace;

import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;

/**
 * The traces of a lane's attempts. What is told to meters within {@link #begun} and {@link #judged} belongs to the
 * attempt's trace, which they may name as an exemplar. On the lane's context.
 *
 * <pre>
 *   begun ──▶ sent ──▶ answered: the span ends ──▶ judged, seconds later where an outage may be why it failed
 * </pre>
 */
public interface AttemptTraces {

    /** Nothing is traced. */
    AttemptTraces NONE = new AttemptTraces() {
        @Override
        public Target around(Target target) {
            return target;
        }

        @Override
        public void begun(Job job, Runnable told) {
            told.run();
        }

        @Override
        public void judged(Job job, Runnable told) {
            told.run();
        }
    };

    /** {@code target}, whose attempts are traced. */
    Target around(Target target);

    /** An attempt of {@code job} is about to be sent; each one that begins is {@link #judged}. Runs {@code told}. */
    void begun(Job job, Runnable told);

    /** It is known what the attempt came to. Runs {@code told}. */
    void judged(Job job, Runnable told);
}
