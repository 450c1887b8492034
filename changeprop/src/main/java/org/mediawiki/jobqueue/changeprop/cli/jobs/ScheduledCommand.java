package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.cli.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs scheduled}: what waits for a time. */
@Command(
        name = "scheduled",
        description = "Lists jobs that wait for a time, the next first.",
        mixinStandardHelpOptions = true)
final class ScheduledCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;

    @Mixin
    private Connection connection = new Connection();

    @Parameters(arity = "0..1", paramLabel = "TYPE", description = "Of this job type.")
    private @Nullable String type;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many, 50 by default.")
    private int limit = 50;

    @Override
    public Integer call() {
        ObjectNode all = new ObjectMapper().createObjectNode();
        all.putArray("jobs");
        @Nullable String next = null;
        do {
            JsonNode page = page(next, Math.min(PAGE, limit - all.path("jobs").size()));
            page.path("jobs").forEach(all.withArray("jobs")::add);
            all.set("troubles", page.path("troubles"));
            next = page.path("next").isTextual() ? page.path("next").asText() : null;
        } while (next != null && all.path("jobs").size() < limit);
        connection.print(all, table(all));
        all.path("troubles").forEach(trouble -> connection.say("Missing: " + trouble.asText()));
        if (next != null && !connection.wantsJson()) {
            connection.say("There are more; --limit lists more of them.");
        }
        return all.path("troubles").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private JsonNode page(@Nullable String after, int size) {
        Map<String, String> query = new TreeMap<>(Map.of("limit", Integer.toString(Math.max(1, size))));
        if (type != null) {
            query.put("type", type);
        }
        if (after != null) {
            query.put("after", after);
        }
        return connection.client().get("scheduled", query);
    }

    static TextTable table(JsonNode page) {
        TextTable table = new TextTable("DUE", "JOB TYPE", "WIKI", "BECAUSE", "REQUEST", "LAST FAILURE", "ID");
        page.path("jobs")
                .forEach(job -> table.row(
                        Texts.time(job.path("due")),
                        Texts.text(job.path("type")),
                        Texts.text(job.path("wiki")),
                        Texts.text(job.path("reason")),
                        Texts.text(job.path("request_id")),
                        Texts.text(job.path("failure")),
                        job.path("id").asText()));
        return table;
    }
}
