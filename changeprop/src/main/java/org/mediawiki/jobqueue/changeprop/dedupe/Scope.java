package org.mediawiki.jobqueue.changeprop.dedupe;

/**
 * Within which an id, a sha1 or a signature stands for one and the same thing.
 *
 * @param name of the rule, and of the stream where the rule has several
 * @param domain of the wiki; empty for root events, which are no wiki's
 */
record Scope(String name, String domain) {

    private static final String JOB_STREAM = "mediawiki.job.";

    /** The legacy service names the stream where a rule has several topics; ours has them where it is not a type's. */
    static String name(String rule, String stream) {
        return isOwn(rule, stream) ? rule : rule + "-" + stream;
    }

    /** Whether the stream is {@code mediawiki.job.<rule>}, whatever stands before it. Asked for every job. */
    private static boolean isOwn(String rule, String stream) {
        int own = stream.length() - rule.length() - JOB_STREAM.length();
        return own >= 0
                && (own == 0 || stream.charAt(own - 1) == '.')
                && stream.endsWith(rule)
                && stream.startsWith(JOB_STREAM, own);
    }

    /** The job type that the name tells. */
    String type() {
        int stream = name.lastIndexOf(JOB_STREAM);
        return stream < 0 ? name : name.substring(stream + JOB_STREAM.length());
    }
}
