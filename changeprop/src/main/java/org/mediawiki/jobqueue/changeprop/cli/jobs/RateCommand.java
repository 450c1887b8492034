package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs rate}: how many of a type start in a time. */
@Command(
        name = "rate",
        description = "Sets how many jobs of a type start in a time, such as 5/s, or goes back to the configuration.",
        mixinStandardHelpOptions = true)
final class RateCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions how = new KnobOptions();

    @Mixin
    private TypeKnob knob = new TypeKnob();

    @Parameters(index = "1", arity = "0..1", paramLabel = "RATE", description = "Such as 5/s, 30/m or 100/h.")
    private @Nullable String rate;

    @Override
    public Integer call() {
        return knob.turn(connection, how, "rate", rate, "Say which rate");
    }
}
