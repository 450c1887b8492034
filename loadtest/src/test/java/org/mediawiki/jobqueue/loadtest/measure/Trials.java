package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mediawiki.jobqueue.loadtest.report.Result;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.scenario.Scenarios;

/** Tries this project once, with instances that are cheap to start. */
final class Trials {

    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private Trials() {}

    /** {@code yaml} is the scenario; everything is kept in {@code folder}. */
    static Result of(String name, String yaml, Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
        return of(name, Scenarios.named(file.toString()), folder);
    }

    static Result of(String name, Scenario scenario, Path folder) throws IOException, InterruptedException {
        Trial.Setup setup = new Trial.Setup(name, scenario, Contenders.named("jobqueue"), 1, folder, JVM_OPTIONS);
        return new Trial(setup, (elapsed, produced, ended, inFlight) -> {}).run();
    }
}
