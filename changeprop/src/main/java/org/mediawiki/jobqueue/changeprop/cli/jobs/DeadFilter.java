package org.mediawiki.jobqueue.changeprop.cli.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead jobs are meant. */
final class DeadFilter {

    @Option(names = "--type", paramLabel = "TYPE", description = "Of this job type.")
    private @Nullable String type;

    @Option(names = "--wiki", paramLabel = "WIKI", description = "Of this wiki.")
    private @Nullable String wiki;

    @Option(names = "--request", paramLabel = "ID", description = "Of this request.")
    private @Nullable String request;

    @Option(names = "--status", paramLabel = "N", description = "Whose last attempt had this status.")
    private @Nullable Integer status;

    @Option(names = "--since", paramLabel = "TIME", description = "Died at this time or later: 2h, or ISO 8601.")
    private @Nullable String from;

    @Option(names = "--before", paramLabel = "TIME", description = "Died before this time.")
    private @Nullable String to;

    @Option(names = "--text", paramLabel = "TEXT", description = "In the message, meta.id, type or wiki.")
    private @Nullable String text;

    /** By the API's names; empty where nothing is said. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "type", type);
        put(fields, "wiki", wiki);
        put(fields, "request_id", request);
        put(fields, "status", status);
        put(fields, "from", from);
        put(fields, "to", to);
        put(fields, "text", text);
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }
}
