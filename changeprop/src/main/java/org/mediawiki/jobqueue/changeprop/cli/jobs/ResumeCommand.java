package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jobqueue jobs resume}: what was paused starts again. */
@Command(
        name = "resume",
        description = {
            "Lets jobs start again. What an operator paused goes back to the configuration;",
            "what the configuration pauses is overridden."
        },
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions how = new KnobOptions();

    @Mixin
    private Pausable what = new Pausable();

    @Override
    public Integer call() {
        return what.isPaused(connection)
                ? how.reset(connection, what.path(), Pausable.KNOB)
                : how.set(connection, what.path(), Pausable.KNOB, false);
    }
}
