package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.changeprop.cli.TextTable;
import org.mediawiki.jobqueue.changeprop.config.Rate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs list}: the job types, what holds for them and what is going on. */
@Command(
        name = "list",
        description = "Lists the job types: limits, use, rates, backlog, dead jobs.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Parameters(arity = "0..*", paramLabel = "TYPE", description = "Only these job types.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--all", description = "Those too of which nothing happened within the last hour.")
    private boolean all;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            defaultValue = "name",
            description = "Sorts by name, use, done, failing, backlog or dead.")
    private Sorting sorting = Sorting.name;

    /** As people type it. */
    enum Sorting {
        name,
        use,
        done,
        failing,
        backlog,
        dead;

        /** The largest come first. */
        double key(JsonNode row) {
            JsonNode now = row.path("use");
            JsonNode hour = row.path("hour");
            return switch (this) {
                case name -> 0;
                case use ->
                    now.path("running").asDouble()
                            / row.path("limits").path("concurrency").asDouble(1);
                case done -> row.path("minute").path("done").asDouble();
                case failing ->
                    hour.path("failed").asDouble() + hour.path("dead").asDouble();
                case backlog -> now.path("backlog").asDouble();
                case dead -> now.path("dead").asDouble();
            };
        }
    }

    @Override
    public Integer call() {
        JsonNode answer = connection.client().get("types", Map.of());
        List<JsonNode> rows = new ArrayList<>();
        answer.forEach(row -> {
            if (types.isEmpty()
                    ? all || isActive(row)
                    : types.contains(row.path("type").asText())) {
                rows.add(row);
            }
        });
        rows.sort(Comparator.comparingDouble(sorting::key)
                .reversed()
                .thenComparing(row -> row.path("type").asText()));
        TextTable table = new TextTable(
                "JOB TYPE",
                "LANE",
                "STATE",
                "RUNNING",
                "LIMIT",
                "RATE",
                "DONE/MIN",
                "FAILED/H",
                "DIED/H",
                "TAKES",
                "DELAY",
                "BACKLOG",
                "SCHEDULED",
                "DEAD");
        rows.forEach(row -> add(table, row));
        connection.print(answer, table);
        if (!connection.wantsJson() && rows.size() < answer.size() && types.isEmpty()) {
            connection.say(answer.size() - rows.size() + " more of which nothing happened; --all lists them.");
        }
        return rows.isEmpty() && !types.isEmpty() ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private static boolean isActive(JsonNode row) {
        JsonNode hour = row.path("hour");
        JsonNode use = row.path("use");
        return hour.path("done").asLong()
                                + hour.path("failed").asLong()
                                + hour.path("dead").asLong()
                        > 0
                || use.path("running").asLong()
                                + use.path("backlog").asLong()
                                + use.path("dead").asLong()
                        > 0
                || row.path("limits").path("paused").asBoolean();
    }

    private static void add(TextTable table, JsonNode row) {
        JsonNode limits = row.path("limits");
        JsonNode use = row.path("use");
        JsonNode minute = row.path("minute");
        JsonNode hour = row.path("hour");
        double attempts = hour.path("done").asDouble()
                + hour.path("failed").asDouble()
                + hour.path("dead").asDouble()
                + hour.path("held").asDouble();
        table.row(
                Texts.text(row.path("type")),
                Texts.text(row.path("lane")),
                state(row),
                Texts.count(use.path("running")),
                Texts.text(limits.path("concurrency")) + (limits.path("pool").equals(row.path("type")) ? "" : "*"),
                limits.path("rate").isNull()
                        ? Texts.NOTHING
                        : new Rate(limits.path("rate").asDouble()).toString(),
                Texts.count(minute.path("done")),
                Texts.count(hour.path("failed")),
                Texts.count(hour.path("dead")),
                Texts.seconds(hour.path("seconds").asDouble() / attempts),
                Texts.seconds(hour.path("delay_seconds").asDouble()
                        / hour.path("started").asDouble()),
                Texts.count(use.path("backlog")),
                Texts.count(use.path("scheduled")),
                Texts.count(use.path("dead")));
    }

    private static String state(JsonNode row) {
        String phase = row.path("breaker").path("phase").asText("closed");
        if (row.path("limits").path("paused").asBoolean()) {
            return "paused";
        } else if (!phase.equals("closed")) {
            return "breaker " + phase;
        }
        return row.path("use").path("held").asBoolean() ? "held" : Texts.NOTHING;
    }
}
