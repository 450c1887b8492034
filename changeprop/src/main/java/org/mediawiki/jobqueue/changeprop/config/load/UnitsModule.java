package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.databind.module.SimpleModule;
import java.time.Duration;
import org.mediawiki.jobqueue.changeprop.config.DataSize;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.config.Rate;

/**
 * Teaches Jackson values that are written as text with a unit: durations, rates and sizes. Text that is none is reported
 * as an input mismatch, with the rule that it breaks.
 */
public final class UnitsModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    public UnitsModule() {
        addDeserializer(Duration.class, new FromText<>(Duration.class, Durations::parse));
        addDeserializer(Rate.class, new FromText<>(Rate.class, Rate::parse));
        addDeserializer(DataSize.class, new FromText<>(DataSize.class, DataSize::parse));
    }
}
