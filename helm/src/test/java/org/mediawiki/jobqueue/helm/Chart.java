package org.mediawiki.jobqueue.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The chart {@code jobqueue}, rendered by Helm's own code in this process. */
final class Chart {

    static final Path FOLDER = Path.of("jobqueue");

    /** What Chart.yaml asks for at least. */
    private static final String OLDEST_KUBERNETES = "1.30.0";

    private Chart() {}

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** Renders with values files, each laid over the one before. */
    static Manifests render(String release, List<Path> values) {
        return Manifests.parse(text(release, values));
    }

    private static String text(String release, List<Path> values) {
        TemplateCommand command = new Helm(FOLDER)
                .template()
                .withName(release)
                .withNamespace("jobqueue")
                .withKubeVersion(OLDEST_KUBERNETES);
        for (Path file : values) {
            command.withValuesFile(file);
        }
        return command.call();
    }

    /** Renders with values as a file would hold them. */
    static Manifests render(String release, String values) {
        return Manifests.parse(text(release, values));
    }

    /** The same as text. */
    static String text(String release, String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return text(release, List.of(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
