package org.mediawiki.jobqueue.changeprop.convert;

import java.util.ArrayList;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/** What has been found on the way through a legacy configuration. One conversion's, one thread's. */
final class Findings {

    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    void refuse(String path, String rule, String hint) {
        refusals.add(new Refusal(path, rule, hint));
    }

    void tell(Kind kind, String path, String text) {
        differences.add(new Difference(kind, path, text));
    }

    boolean hasRefused() {
        return !refusals.isEmpty();
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    List<Difference> differences() {
        return List.copyOf(differences);
    }
}
