package org.mediawiki.jobqueue.changeprop.status;

import java.util.Comparator;

/** A job type in a lane. */
public record TypeKey(String lane, String type) implements Comparable<TypeKey> {

    private static final Comparator<TypeKey> ORDER =
            Comparator.comparing(TypeKey::lane).thenComparing(TypeKey::type);

    @Override
    public int compareTo(TypeKey other) {
        return ORDER.compare(this, other);
    }
}
