package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** An order that may touch many: counts first, asks, then goes on page by page until all is done. */
final class Sweep {

    private static final List<String> COUNTS = List.of("scanned", "matched", "done", "taken", "unable", "pending");

    @Option(names = "--dry-run", description = "Only counts what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the audit.")
    private String reason = "";

    boolean isDryRun() {
        return dryRun;
    }

    String reason() {
        return reason;
    }

    /** Sends {@code order} to {@code path} until it is done; {@code verb} is for people, such as {@code Replay}. */
    int carryOut(Connection connection, String path, ObjectNode order, String verb) {
        ApiClient client = connection.client();
        if (!yes || dryRun) {
            ObjectNode counted = all(client, path, order.deepCopy().put("dry_run", true), sum -> {});
            if (dryRun) {
                return end(connection, counted, wouldBe(path, verb, counted));
            }
            if (counted.path("done").asLong() > 0 && !isWanted(connection, counted, wouldBe(path, verb, counted))) {
                connection.say("Nothing was done.");
                return ExitCode.SOFTWARE;
            }
        }
        ObjectNode done = all(client, path, order.put("reason", reason), sum -> {
            if (!connection.wantsJson() && sum.path("done").asLong() > 0) {
                connection.say(sum.path("done").asText() + " so far ...");
            }
        });
        return end(connection, done, told(path, verb, done));
    }

    /** What somebody else took care of is no failure; what is not known, cannot be or is not safe yet is one. */
    private static int end(Connection connection, JsonNode sum, String text) {
        connection.print(sum, text);
        tellTroubles(sum, connection::say);
        boolean isWhole = sum.path("unable").asLong() + sum.path("pending").asLong() == 0
                && sum.path("troubles").isEmpty();
        return isWhole ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void tellTroubles(JsonNode sum, Consumer<String> to) {
        sum.path("troubles").forEach(trouble -> to.accept("Missing: " + trouble.asText()));
    }

    private static ObjectNode all(ApiClient client, String path, ObjectNode order, Consumer<JsonNode> between) {
        ObjectNode sum = new ObjectMapper().createObjectNode();
        COUNTS.forEach(name -> sum.put(name, 0));
        Set<String> troubles = new LinkedHashSet<>();
        @Nullable String next = null;
        do {
            JsonNode page = client.post(path, next == null ? order : order.put("after", next));
            COUNTS.forEach(name ->
                    sum.put(name, sum.path(name).asLong() + page.path(name).asLong()));
            page.path("troubles").forEach(trouble -> troubles.add(trouble.asText()));
            next = page.path("next").isTextual() ? page.path("next").asText() : null;
            if (next != null) {
                between.accept(sum);
            }
        } while (next != null);
        troubles.forEach(sum.putArray("troubles")::add);
        return sum;
    }

    /** Where nobody can answer, nobody agrees. */
    private static boolean isWanted(Connection connection, JsonNode counted, String what) {
        tellTroubles(counted, line -> connection.err().println(Texts.lines(line)));
        connection.err().print(what.strip() + " Go on? [y/N] ");
        connection.err().flush();
        try {
            BufferedReader terminal = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            String answer = terminal.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String wouldBe(String path, String verb, JsonNode counted) {
        return verb + " " + counted.path("done").asText() + " jobs" + others(path, counted) + ".\n";
    }

    private static String told(String path, String verb, JsonNode done) {
        return verb + ": " + done.path("done").asText() + " jobs done" + others(path, done) + ".\n";
    }

    private static String others(String path, JsonNode counts) {
        StringBuilder text = new StringBuilder();
        append(text, counts, "taken", "taken care of before");
        append(text, counts, "unable", "that " + whyUnable(path));
        append(text, counts, "pending", "not acknowledged by Kafka yet");
        return text.toString();
    }

    /** Jobs of an error topic, and those that wait for a time, are gone for reasons of their own. */
    private static String whyUnable(String path) {
        return switch (path) {
            case "dead/replay" -> "hold no job that a lane runs, are too large, or have expired";
            case "dead/drop" -> "have expired, or never were";
            default -> "do not wait any more";
        };
    }

    private static void append(StringBuilder text, JsonNode counts, String name, String words) {
        if (counts.path(name).asLong() > 0) {
            text.append(", ").append(counts.path(name).asText()).append(' ').append(words);
        }
    }
}
