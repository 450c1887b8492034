package org.mediawiki.jobqueue.changeprop.intake;

import java.time.Duration;

/** Hears what the intake does, to count it. On the intake's context. */
public interface IntakeListener {

    /** A request was answered, however. */
    void answered(int status, Duration took);

    /** A post was answered for so many events. */
    void judged(int accepted, int invalid, int error);

    /** So many connections are open now. */
    void connections(int open);

    /** So many bytes of posts are in hand now, and so many posts wait for room. */
    void inHand(long bytes, int waiting);
}
