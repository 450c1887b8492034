package org.mediawiki.jobqueue.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.Main;

/** Somebody who takes jobs from Kafka and posts them over HTTPS, as a process. */
enum Contender {
    /** {@link BareLoop}. */
    BARE_LOOP {
        @Override
        List<String> arguments(Course course) {
            return List.of(
                    BareLoop.class.getName(),
                    course.bootstrapServers(),
                    course.topic(),
                    course.target().toString(),
                    course.caFile().toString(),
                    Integer.toString(course.limit()));
        }
    },

    /** This project, {@code jobqueue run}. */
    JOBQUEUE {
        @Override
        List<String> arguments(Course course) throws IOException {
            String yaml = """
                    dc: %s
                    kafka: {bootstrap_servers: ["%s"], own_topics: {partitions: 1, replication_factor: 1}}
                    targets:
                      mw-jobrunner: {uri: "%s", tls: {ca: "%s"}}
                    admin: {port: 0}
                    lanes:
                      main: {target: mw-jobrunner, jobs: {%s: {concurrency: %d}}}
                    """.formatted(
                            course.dc(),
                            course.bootstrapServers(),
                            course.target(),
                            course.caFile(),
                            course.type(),
                            course.limit());
            Path config = Files.writeString(Files.createTempFile("bench", ".yaml"), yaml);
            return List.of(Main.class.getName(), "run", "--config", config.toString());
        }
    };

    /** The class to run and its arguments. */
    abstract List<String> arguments(Course course) throws IOException;

    /** Starts it with the JVM, the class path and the JVM options of this process. */
    Process start(Course course, List<String> jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(arguments(course));
        Path log = Files.createTempFile("bench-" + name().toLowerCase(java.util.Locale.ROOT), ".log");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
