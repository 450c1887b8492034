package org.mediawiki.jobqueue.changeprop.config;

/**
 * Text that must not reach a log or a report.
 *
 * @param value the text itself
 */
public record Secret(String value) {

    @Override
    public String toString() {
        return "(secret)";
    }
}
