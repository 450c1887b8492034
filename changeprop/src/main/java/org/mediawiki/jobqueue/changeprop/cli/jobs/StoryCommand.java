package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.changeprop.cli.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jobqueue jobs story}: what is known of one job. */
@Command(
        name = "story",
        description = "Tells what is known of a job, by its meta.id or its request id.",
        mixinStandardHelpOptions = true)
final class StoryCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "ID", description = "meta.id or request id.")
    private String id = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "",
            description = "Its job type: finds it where very many jobs wait for a time.")
    private String type = "";

    @Override
    public Integer call() {
        Map<String, String> query = type.isEmpty() ? Map.of() : Map.of("type", type);
        JsonNode story = connection.client().get("jobs/" + ApiClient.part(id), query);
        connection.print(story, text(story));
        return isKnown(story) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static boolean isKnown(JsonNode story) {
        return !story.path("in_memory").isEmpty()
                || !story.path("scheduled").isEmpty()
                || !story.path("done").isEmpty()
                || !story.path("dead").isEmpty();
    }

    private static String text(JsonNode story) {
        StringBuilder text = new StringBuilder();
        if (!story.path("in_memory").isEmpty()) {
            TextTable table = new TextTable("STATE", "SINCE", "JOB TYPE", "WIKI", "INSTANCE");
            story.path("in_memory")
                    .forEach(one -> table.row(
                            Texts.text(one.path("state")),
                            Texts.time(one.path("since")),
                            Texts.text(one.path("type")),
                            Texts.text(one.path("wiki")),
                            Texts.text(one.path("instance"))));
            text.append(table).append('\n');
        }
        if (!story.path("scheduled").isEmpty()) {
            text.append(ScheduledCommand.table(jobs(story.path("scheduled")))).append('\n');
        }
        if (!story.path("done").isEmpty()) {
            TextTable table = new TextTable("DONE, STARTED AT", "JOB TYPE", "DOMAIN", "INSTANCE");
            story.path("done")
                    .forEach(one -> table.row(
                            Texts.time(one.path("started_at")),
                            Texts.text(one.path("type")),
                            Texts.text(one.path("domain")),
                            Texts.text(one.path("instance"))));
            text.append(table).append('\n');
        }
        if (!story.path("dead").isEmpty()) {
            text.append(DeadCommand.table(jobs(story.path("dead")))).append('\n');
        }
        if (!isKnown(story)) {
            text.append(
                    "Nothing is known of it: it is done and forgotten, was not read from Kafka yet, or never was.\n");
        }
        story.path("notes").forEach(note -> text.append(note.asText()).append('\n'));
        return text.toString();
    }

    private static JsonNode jobs(JsonNode array) {
        return new ObjectMapper().createObjectNode().set("jobs", array);
    }
}
