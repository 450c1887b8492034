package org.mediawiki.jobqueue.changeprop.app;

import java.util.Objects;

/** Which version this is: for {@code --version}, the metrics, the fleet and the console alike. */
public final class Version {

    private Version() {}

    /** As the jar's manifest has it; {@code built from source} where there is no jar. */
    public static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "built from source");
    }
}
