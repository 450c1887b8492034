package org.mediawiki.jobqueue.changeprop.convert;

/**
 * One thing that is not the same here.
 *
 * @param kind what it asks of the reader
 * @param path the key in the legacy configuration; empty where it is not about a single one
 * @param text what it was there and is here, for people
 */
public record Difference(Kind kind, String path, String text) {

    /** What a difference asks of the reader, most urgent first. */
    public enum Kind {
        /** Somebody has to decide or do something before the switch. */
        ACT("To do before the switch"),
        /** The converted key means something else here. */
        DIFFERS("Means something else here"),
        /** Nothing corresponds to it, and nothing is missed. */
        NOT_NEEDED("Not needed here"),
        /** It is about the deployment, not about the queue. */
        ELSEWHERE("Belongs to the deployment: see the values of helm/jobqueue");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** A heading for people. */
        public String title() {
            return title;
        }
    }
}
