package org.mediawiki.jobqueue.changeprop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.convert.Conversion;
import org.mediawiki.jobqueue.changeprop.convert.ConversionResult;
import org.mediawiki.jobqueue.changeprop.convert.LegacyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jobqueue convert}: from a configuration of the legacy service to one of ours. Connects nowhere. */
@Command(
        name = "convert",
        description = "Turns a configuration of change-propagation into one for this service, and tells what differs.",
        footer = {
            "",
            "The configuration goes to the standard output, the differences to the standard error.",
            "Exit codes: 0 converted; 1 a file could not be read or written; 2 refused."
        },
        mixinStandardHelpOptions = true)
public final class ConvertCommand implements Subcommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "The service's own config.yaml; or values of its Helm chart, each laid over the one before:"
                    + " the chart's own values.yaml first.")
    private List<Path> files = List.of();

    @Option(
            names = "--sections",
            paramLabel = "FILE",
            description = "A file with a map `sections`, from wikis to database sections. The chart's values lack it.")
    private @Nullable Path sections;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the configuration.")
    private @Nullable Path output;

    @Option(names = "--report", paramLabel = "FILE", description = "Where to write the differences.")
    private @Nullable Path report;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<LegacyFile> read = new ArrayList<>();
        for (Path file : files) {
            read.add(read(file));
        }
        Optional<LegacyFile> table = sections == null ? Optional.empty() : Optional.of(read(sections));
        ConversionResult result = Conversion.of(read, table);
        write(report, true, result.match(ConversionReport::of, ConversionReport::of));
        Optional<String> yaml = result.match(converted -> Optional.of(converted.yaml()), unused -> Optional.empty());
        if (yaml.isPresent()) {
            write(output, false, yaml.get());
        }
        return yaml.isPresent() ? ExitCode.OK : ExitCode.USAGE;
    }

    private LegacyFile read(Path file) {
        try {
            return new LegacyFile(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new ParameterException(commandLine().commandLine(), file + " cannot be read: " + e, e);
        }
    }

    private void write(@Nullable Path file, boolean isReport, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
            return;
        }
        PrintWriter out = isReport
                ? commandLine().commandLine().getErr()
                : commandLine().commandLine().getOut();
        out.print(text);
        out.flush();
    }

    private CommandSpec commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not parsed anything");
        }
        return spec;
    }
}
