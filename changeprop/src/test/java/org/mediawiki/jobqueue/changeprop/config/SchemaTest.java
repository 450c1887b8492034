package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code -Dschema.update=true} writes the file anew; the next build puts it on the class path. */
class SchemaTest {

    private static final Path COMMITTED = Path.of("..", "config", "schema.json");

    @Test
    void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
        String generated = print(SchemaFromRecords.generate());
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(COMMITTED, generated);
        }

        assertThat(COMMITTED).hasContent(generated);
    }

    /** Helm knows the configuration among its values. */
    @Test
    void theChartsSchemaHoldsTheSame() throws IOException {
        String generated = print(ChartSchema.withConfiguration(SchemaFromRecords.generate()));
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(ChartSchema.FILE, generated);
        }

        assertThat(ChartSchema.FILE).hasContent(generated);
    }

    private static String print(ObjectNode schema) throws IOException {
        DefaultIndenter unixLines = new DefaultIndenter("  ", "\n");
        return new ObjectMapper()
                        .writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(unixLines)
                                .withArrayIndenter(unixLines))
                        .writeValueAsString(schema)
                + "\n";
    }
}
