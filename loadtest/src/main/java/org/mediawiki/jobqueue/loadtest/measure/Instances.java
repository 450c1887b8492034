package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/** All processes of a contender in one trial, also those that an event starts later. */
final class Instances {

    private final List<Instance> all;
    private final List<URI> metrics;

    private Instances(List<Instance> all, List<URI> metrics) {
        this.all = List.copyOf(all);
        this.metrics = List.copyOf(metrics);
    }

    /**
     * Those that the scenario of {@code setup} needs; none is started. Writes their configurations.
     *
     * @param dc the prefix of the topics
     */
    static Instances of(Trial.Setup setup, String dc, Environment environment) throws IOException {
        List<Integer> adminPorts = new FreePorts(new SecureRandom()).find(most(setup.scenario()));
        List<Instance> instances = new ArrayList<>();
        for (int i = 0; i < adminPorts.size(); i++) {
            List<String> jvmOptions = new ArrayList<>(setup.jvmOptions());
            jvmOptions.addAll(environment.machines().jvmOptions(i));
            Course course = new Course(
                    environment.passages().bootstrapServers(i, environment.kafka()),
                    dc,
                    setup.scenario().types(),
                    environment.runner().rpcUri(),
                    environment.runner().caFile(),
                    setup.folder(),
                    adminPorts.get(i),
                    setup.scenario().dispatcher(),
                    jvmOptions);
            instances.add(new Instance(
                    environment.machines().around(i, setup.contender().command(course, i)),
                    setup.folder().resolve("instance-" + i + ".log")));
        }
        List<URI> metrics = adminPorts.stream()
                .map(port -> setup.contender().metrics(port))
                .flatMap(Optional::stream)
                .toList();
        return new Instances(instances, metrics);
    }

    /** How many there are at the most, those included that something is done to. */
    static int most(Scenario scenario) {
        return scenario.events().stream()
                .map(EventSpec::what)
                .mapToInt(what -> what instanceof Disturbance.OfInstance one ? one.instance() + 1 : 0)
                .reduce(scenario.dispatcher().instances(), Math::max);
    }

    /** By their numbers. */
    List<Instance> all() {
        return all;
    }

    /** Their pages of metrics, of contenders that have any. */
    List<URI> metrics() {
        return metrics;
    }

    void start(int count) throws IOException, InterruptedException {
        for (Instance instance : all.subList(0, count)) {
            instance.start();
        }
    }

    /** Fails where none runs, for then nobody will read the load. */
    void requireAnyRunning() {
        if (all.stream().noneMatch(Instance::isRunning)) {
            throw new IllegalStateException(
                    "the contender has ended: " + all.get(0).lastWords());
        }
    }

    /** How they ended where nobody had asked for it, up to now. */
    Stream<String> surprises() {
        return all.stream().flatMap(instance -> instance.surprises().stream());
    }

    /** Ends all, cleanly or else by force. */
    void end() throws InterruptedException {
        for (Instance instance : all) {
            instance.end();
        }
    }
}
