package org.mediawiki.jobqueue.loadtest.observe;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Set;

/**
 * What a test needs of the machine and some lack. It is skipped there, and says so; but where the package was installed for
 * the tests, as {@code .ci/run} tells by {@code -Djobqueue.installed}, a test that does not find it fails: else nobody would
 * notice that alerts and the console are not tested any more.
 */
public final class Needed {

    /** Names of Debian's packages, with commas between them. */
    private static final String PROPERTY = "jobqueue.installed";

    private static final Needed HERE =
            new Needed(Set.of(System.getProperty(PROPERTY, "").split(",", -1)));

    private final Set<String> installed;

    Needed(Set<String> installed) {
        this.installed = installed;
    }

    /** Goes on where {@code isThere}; else the test fails or is skipped, for the reason {@code what}. */
    public static void of(String debianPackage, boolean isThere, String what) {
        HERE.require(debianPackage, isThere, what);
    }

    void require(String debianPackage, boolean isThere, String what) {
        if (isThere) {
            return;
        }
        if (installed.contains(debianPackage)) {
            fail("%s, though %s was installed for it (-D%s)", what, debianPackage, PROPERTY);
        }
        abort(what + " (Debian: apt-get install " + debianPackage + ")");
    }
}
