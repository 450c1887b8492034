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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    public Integer call() {
        try {
            return convert();
        } catch (FileFailure e) {
            return Subcommand.failed(spec, String.valueOf(e.getMessage()));
        }
    }

    private int convert() throws FileFailure {
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

    private static LegacyFile read(Path file) throws FileFailure {
        try {
            return new LegacyFile(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new FileFailure(file, " cannot be read: ", e);
        }
    }

    private void write(@Nullable Path file, boolean isReport, String text) throws FileFailure {
        if (file == null) {
            CommandLine commandLine = Subcommand.parsed(spec).commandLine();
            PrintWriter out = isReport ? commandLine.getErr() : commandLine.getOut();
            out.print(text);
            out.flush();
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new FileFailure(file, " cannot be written: ", e);
        }
    }

    /** A file could not be read, or not be written; the message names it. */
    private static final class FileFailure extends IOException {

        private static final long serialVersionUID = 1;

        FileFailure(Path file, String what, IOException cause) {
            super(file + what + cause, cause);
        }
    }
}
