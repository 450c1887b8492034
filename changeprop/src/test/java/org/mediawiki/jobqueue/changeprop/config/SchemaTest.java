package org.mediawiki.jobqueue.changeprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code -Dschema.update=true} writes the file anew; the next build puts it on the class path. */
class SchemaTest {

    private static final Path COMMITTED = Path.of("..", "config", "schema.json");

    @Test
    void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
        String generated = print();
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(COMMITTED, generated);
        }

        assertThat(COMMITTED).hasContent(generated);
    }

    private static String print() throws IOException {
        DefaultIndenter unixLines = new DefaultIndenter("  ", "\n");
        return new ObjectMapper()
                        .writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(unixLines)
                                .withArrayIndenter(unixLines))
                        .writeValueAsString(SchemaFromRecords.generate())
                + "\n";
    }
}
