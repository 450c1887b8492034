package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mediawiki.jobqueue.changeprop.cli.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jobqueue jobs audit}: who changed what. */
@Command(
        name = "audit",
        description = "Lists who changed what and why, the newest first.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many, 50 by default.")
    private int limit = 50;

    @Override
    public Integer call() {
        JsonNode records = connection.client().get("audit", Map.of("limit", Integer.toString(limit)));
        TextTable table = new TextTable("WHEN", "WHO", "FROM", "ACTION", "SUBJECT", "DETAIL", "REASON", "OUTCOME");
        records.forEach(record -> table.row(
                Texts.time(record.path("at")),
                Texts.text(record.path("by")),
                Texts.text(record.path("address")),
                Texts.text(record.path("action")),
                Texts.text(record.path("subject")),
                Texts.text(record.path("detail")),
                Texts.text(record.path("reason")),
                Texts.text(record.path("outcome"))));
        connection.print(records, table);
        return ExitCode.OK;
    }
}
