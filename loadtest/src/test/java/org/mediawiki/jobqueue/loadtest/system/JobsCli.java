package org.mediawiki.jobqueue.loadtest.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.cli.JobQueueCommand;
import picocli.CommandLine;

/** {@code jobqueue jobs ...}, as somebody at a terminal runs it. */
final class JobsCli {

    private final String url;
    private final String token;

    JobsCli(Api api, String token) {
        this.url = api.address();
        this.token = token;
    }

    /** What came of a command. */
    record Run(int exitCode, String out, String err) {

        JsonObject json() {
            return new JsonObject(out);
        }

        JsonArray list() {
            return new JsonArray(out);
        }
    }

    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("jobs"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", url, "--token", token, "--as", "grace"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = JobQueueCommand.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(all.toArray(new String[0]));
        return new Run(exitCode, out.toString(), err.toString());
    }
}
