package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jobqueue jobs pause}: nothing of a type, or a lane, starts. */
@Command(
        name = "pause",
        description = "Lets no job of a type start, in the whole fleet; what runs goes on to its end.",
        mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions how = new KnobOptions();

    @Mixin
    private Pausable what = new Pausable();

    @Override
    public Integer call() {
        return how.set(connection, what.path(), Pausable.KNOB, true);
    }
}
