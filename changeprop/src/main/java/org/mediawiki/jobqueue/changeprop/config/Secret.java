package org.mediawiki.jobqueue.changeprop.config;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * Text that must not reach a log or a report.
 *
 * @param value the text itself
 */
public record Secret(
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING) String value) {

    @Override
    public String toString() {
        return "(secret)";
    }
}
