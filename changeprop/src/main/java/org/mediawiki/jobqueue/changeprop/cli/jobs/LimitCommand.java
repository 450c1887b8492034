package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs limit}: how many of a type run at once. */
@Command(
        name = "limit",
        description = "Sets how many jobs of a type run at once in the whole fleet, or goes back to the configuration.",
        mixinStandardHelpOptions = true)
final class LimitCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private KnobOptions how = new KnobOptions();

    @Mixin
    private TypeKnob knob = new TypeKnob();

    @Parameters(index = "1", arity = "0..1", paramLabel = "N", description = "At once, 1 to 100000.")
    private @Nullable Integer limit;

    @Override
    public Integer call() {
        return knob.turn(connection, how, "concurrency", limit, "Say how many");
    }
}
