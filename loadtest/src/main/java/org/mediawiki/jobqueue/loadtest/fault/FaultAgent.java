package org.mediawiki.jobqueue.loadtest.fault;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** Runs in an instance, from before its {@code main}: makes its classes ask {@link Faults}, and follows the control file. */
public final class FaultAgent {

    private static final long LOOK_MILLIS = 50;

    private FaultAgent() {}

    /**
     * Called by the JVM.
     *
     * @param controlFile written by {@link FaultControl}
     */
    public static void premain(String controlFile, Instrumentation instrumentation) throws Exception {
        FaultControl control = new FaultControl(Path.of(controlFile));
        instrumentation.addTransformer(new Rewriting(), true);
        instrumentation.retransformClasses(
                Clock.class, Class.forName(Rewriting.SYSTEM_CLOCK.replace('/', '.')), Date.class);
        look(control);
        Thread thread = new Thread(() -> follow(control), "faults");
        thread.setDaemon(true);
        thread.start();
    }

    private static void follow(FaultControl control) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                look(control);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** What cannot be read is read at the next look. */
    private static void look(FaultControl control) {
        try {
            FaultControl.State state = control.read();
            Faults.clock(state.clock().toMillis());
            Faults.diskMillis(state.diskDelay().toMillis());
        } catch (IOException e) {
            System.err.println("The faults of this instance cannot be read: " + e);
        }
    }
}
