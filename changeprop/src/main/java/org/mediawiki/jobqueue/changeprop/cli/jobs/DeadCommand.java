package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
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

/** {@code jobqueue jobs dead}: lists dead jobs, or shows one. */
@Command(
        name = "dead",
        description = "Lists dead jobs, the newest first; with an id, shows that one in full.",
        mixinStandardHelpOptions = true)
final class DeadCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private DeadFilter filter = new DeadFilter();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Shows this one, such as 3-1204.")
    private @Nullable String id;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = "dead",
            description = "dead, replayed, dropped, claimed or any; dead by default.")
    private String state = "dead";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many, 50 by default.")
    private int limit = 50;

    @Option(names = "--count", description = "Only counts them, by type, status and wiki.")
    private boolean count;

    @Override
    public Integer call() {
        if (id != null) {
            JsonNode whole = connection.client().get("dead/" + ApiClient.part(id), Map.of());
            connection.print(whole, text(whole));
            return ExitCode.OK;
        }
        Map<String, String> query = new TreeMap<>(filter.fields());
        query.put("state", state);
        if (count) {
            JsonNode summary = connection.client().get("dead/summary", query);
            connection.print(summary, counts(summary));
            return ExitCode.OK;
        }
        query.put("limit", Integer.toString(limit));
        JsonNode page = connection.client().get("dead", query);
        connection.print(page, table(page));
        if (!page.path("next").isNull() && !connection.wantsJson()) {
            connection.say("There are more; --limit lists more of them, --count counts them.");
        }
        return ExitCode.OK;
    }

    static TextTable table(JsonNode page) {
        TextTable table = new TextTable("ID", "DIED", "JOB TYPE", "WIKI", "STATUS", "STATE", "REQUEST", "WHY");
        page.path("jobs")
                .forEach(job -> table.row(
                        Texts.text(job.path("id")),
                        Texts.time(job.path("at")),
                        Texts.text(job.path("type")),
                        Texts.text(job.path("wiki")),
                        Texts.text(job.path("status")),
                        Texts.text(job.path("state")),
                        Texts.text(job.path("request_id")),
                        Texts.text(job.path("message"))));
        return table;
    }

    private static TextTable counts(JsonNode summary) {
        TextTable table = new TextTable("BY", "WHICH", "DEAD");
        table.row("all", Texts.NOTHING, summary.path("count").asText());
        for (String by : new String[] {"type", "status", "wiki"}) {
            summary.path("by_" + by)
                    .properties()
                    .forEach(entry -> table.row(
                            by,
                            entry.getKey().isEmpty() ? "(no job)" : entry.getKey(),
                            entry.getValue().asText()));
        }
        return table;
    }

    private static String text(JsonNode whole) {
        JsonNode job = whole.path("job");
        StringBuilder text = new StringBuilder();
        job.properties()
                .forEach(field -> text.append(String.format(
                        "%-11s %s%n", field.getKey(), field.getValue().asText())));
        JsonNode mark = whole.path("mark");
        if (mark.isObject()) {
            text.append(String.format(
                    "%-11s %s by %s at %s %s%n",
                    "mark",
                    mark.path("state").asText(),
                    mark.path("by").asText(),
                    mark.path("at").asText(),
                    mark.path("reason").asText()));
        }
        return text.append("\n")
                .append(
                        whole.path("event").isNull()
                                ? whole.path("raw").asText()
                                : whole.path("event").toPrettyString())
                .append("\n\n")
                .append(whole.path("body").asText())
                .append("\n")
                .toString();
    }
}
