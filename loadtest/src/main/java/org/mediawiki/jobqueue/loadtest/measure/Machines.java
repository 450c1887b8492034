package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.loadtest.fault.AgentJar;
import org.mediawiki.jobqueue.loadtest.fault.FaultControl;
import org.mediawiki.jobqueue.loadtest.fault.SmallDisk;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/**
 * The machines of instances, where a scenario says that something is the matter with one: its clock, or its disk. Where it
 * does not, instances run on this one as it is.
 */
final class Machines implements AutoCloseable {

    private final Path folder;
    private final @Nullable AgentJar agent;
    private final Map<Integer, FaultControl> controls = new HashMap<>();
    private final Map<Integer, SmallDisk> disks = new HashMap<>();
    private @Nullable String leftOut;

    private Machines(Path folder, @Nullable AgentJar agent) {
        this.folder = folder;
        this.agent = agent;
    }

    /**
     * As {@code scenario} needs them; what this machine does not allow is {@linkplain #leftOut left out}.
     *
     * @throws IOException where nothing can be written into {@code folder}
     */
    static Machines of(Scenario scenario, Contender contender, Path folder) throws IOException {
        Set<Integer> agents = instances(scenario, Disturbance.Clock.class);
        agents.addAll(instances(scenario, Disturbance.SlowDisk.class));
        Machines machines = new Machines(folder, agents.isEmpty() ? null : AgentJar.in(folder.resolve("faults")));
        agents.forEach(machines::control);
        for (int instance : instances(scenario, Disturbance.FullDisk.class)) {
            machines.mount(instance, contender.disk(folder, instance));
        }
        return machines;
    }

    /** Options for the JVM of an instance. */
    List<String> jvmOptions(int instance) {
        FaultControl control = controls.get(instance);
        return agent == null || control == null ? List.of() : List.of(agent.option(control));
    }

    /** The command line of an instance, on its machine. */
    List<String> around(int instance, List<String> command) {
        SmallDisk disk = disks.get(instance);
        return disk == null ? command : disk.around(command);
    }

    /** Of an instance to whose clock, or disk, something happens. */
    FaultControl faultsOf(int instance) {
        FaultControl control = controls.get(instance);
        if (control == null) {
            throw new IllegalStateException("nothing can be the matter with instance " + instance);
        }
        return control;
    }

    /** Empty where this machine does not allow it. */
    Optional<SmallDisk> diskOf(int instance) {
        return Optional.ofNullable(disks.get(instance));
    }

    /** Why no disk can be full; empty where one can, or none is to be. */
    Optional<String> leftOut() {
        return Optional.ofNullable(leftOut);
    }

    @Override
    public void close() {
        disks.values().forEach(SmallDisk::close);
    }

    private void control(int instance) {
        controls.put(instance, new FaultControl(folder.resolve("faults-" + instance + ".properties")));
    }

    private void mount(int instance, Optional<Path> disk) {
        try {
            Path path = disk.orElseThrow(() -> new IOException("it keeps nothing on disk"));
            disks.put(instance, SmallDisk.over(path));
        } catch (IOException e) {
            leftOut = e.getMessage();
        }
    }

    private static Set<Integer> instances(Scenario scenario, Class<? extends Disturbance.OfInstance> kind) {
        return scenario.events().stream()
                .map(EventSpec::what)
                .filter(kind::isInstance)
                .map(what -> kind.cast(what).instance())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
