package org.mediawiki.jobqueue.changeprop.status;

/**
 * What ended within a time.
 *
 * @param done attempts that went well
 * @param failed attempts that failed and are tried again
 * @param dead jobs given up
 * @param held attempts that were nobody's fault
 * @param seconds that all attempts took together
 * @param delaySeconds from creation to first attempt, of all that started together
 * @param started first attempts, which {@code delaySeconds} is a sum of
 */
public record Window(long done, long failed, long dead, long held, double seconds, double delaySeconds, long started) {

    /** Nothing happened. */
    public static final Window NOTHING = new Window(0, 0, 0, 0, 0, 0, 0);

    public Window plus(Window other) {
        return new Window(
                done + other.done,
                failed + other.failed,
                dead + other.dead,
                held + other.held,
                seconds + other.seconds,
                delaySeconds + other.delaySeconds,
                started + other.started);
    }

    Window minus(Window before) {
        return new Window(
                done - before.done,
                failed - before.failed,
                dead - before.dead,
                held - before.held,
                seconds - before.seconds,
                delaySeconds - before.delaySeconds,
                started - before.started);
    }
}
