package org.mediawiki.jobqueue.changeprop.metrics;

import java.util.regex.Pattern;

/** The legacy service's {@code rule} label: {@code <rule>-<stream>}, made of letters, digits, slashes and dashes. */
final class RuleLabel {

    private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9/-]");

    private RuleLabel() {}

    static String of(String rule, String stream) {
        return OTHERS.matcher(rule + "-" + stream).replaceAll("-");
    }
}
