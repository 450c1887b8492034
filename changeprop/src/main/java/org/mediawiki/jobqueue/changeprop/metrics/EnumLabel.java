package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.Locale;

/** A constant of a closed set as the value of a label: its name in lower case. */
final class EnumLabel {

    private EnumLabel() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
