package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.Main;

/**
 * This project, {@code jobqueue run}.
 *
 * @param classPath of this version or of another
 * @param startOptions for the JVM, as {@code bin/jobqueue} gives them
 * @param keys of its configuration that hold over what the scenario says
 */
record JobQueueContender(String name, String classPath, List<String> startOptions, ObjectNode keys)
        implements Contender {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Override
    public List<String> command(Course course, int instance) throws IOException {
        Path file = file(course.folder(), instance);
        Files.writeString(file, YAML.writeValueAsString(configuration(course, instance)));
        List<String> command = Contenders.java(course, startOptions, classPath);
        command.addAll(List.of(Main.class.getName(), "run", "--config", file.toString()));
        return command;
    }

    @Override
    public void limit(Path folder, int instance, String type, int concurrency) throws IOException {
        change(folder, instance, type, settings -> settings.put("concurrency", concurrency));
    }

    @Override
    public void pause(Path folder, int instance, String type, boolean paused) throws IOException {
        change(folder, instance, type, settings -> settings.put("paused", paused));
    }

    @Override
    public void spoil(Path folder, int instance) throws IOException {
        String whole = Files.readString(file(folder, instance));
        Files.writeString(asideOf(folder, instance), whole);
        replace(folder, instance, whole.replace("concurrency", "concurency"));
    }

    @Override
    public void mend(Path folder, int instance) throws IOException {
        replace(folder, instance, Files.readString(asideOf(folder, instance)));
    }

    @Override
    public Optional<URI> metrics(int adminPort) {
        return Optional.of(URI.create("http://127.0.0.1:" + adminPort + "/metrics"));
    }

    private static void change(Path folder, int instance, String type, Consumer<ObjectNode> edit) throws IOException {
        JsonNode configuration = YAML.readTree(file(folder, instance).toFile());
        edit.accept((ObjectNode) configuration.at("/lanes/main/jobs").path(type));
        replace(folder, instance, YAML.writeValueAsString(configuration));
    }

    /** As an editor or a ConfigMap does it: whoever reads sees the one or the other. */
    private static void replace(Path folder, int instance, String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next-" + instance + ".yaml"), text);
        Files.move(next, file(folder, instance), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path asideOf(Path folder, int instance) {
        return folder.resolve("whole-" + instance + ".yaml");
    }

    @Override
    public Optional<Path> disk(Path folder, int instance) {
        return Optional.of(folder.resolve("scheduler-" + instance));
    }

    private static Path file(Path folder, int instance) {
        return folder.resolve("jobqueue-" + instance + ".yaml");
    }

    /** The same with more keys in its configuration. */
    JobQueueContender with(ObjectNode more) {
        ObjectNode all = keys.deepCopy();
        merge(all, more);
        return new JobQueueContender(name, classPath, startOptions, all);
    }

    /** What every run needs, and over it what the scenario says. */
    private ObjectNode configuration(Course course, int instance) {
        ObjectNode configuration = YAML.createObjectNode();
        configuration.put("dc", course.dc());
        ObjectNode kafka = configuration.putObject("kafka");
        List<String> brokers = List.of(course.bootstrapServers().split(","));
        ArrayNode servers = kafka.putArray("bootstrap_servers");
        brokers.forEach(servers::add);
        kafka.putObject("own_topics").put("partitions", 1).put("replication_factor", brokers.size());
        ObjectNode target = configuration.putObject("targets").putObject("mw-jobrunner");
        target.put("uri", course.target().toString());
        target.put("user_agent", Contender.nameOf(instance));
        target.putObject("tls").put("ca", course.caFile().toString());
        configuration
                .putObject("scheduler")
                .put("folder", disk(course.folder(), instance).orElseThrow().toString());
        configuration.putObject("admin").put("port", course.adminPort());
        ObjectNode main = configuration.putObject("lanes").putObject("main");
        main.put("target", "mw-jobrunner");
        ObjectNode jobs = main.putObject("jobs");
        course.dispatcher().jobs().forEach(jobs::set);
        merge(configuration, course.dispatcher().config());
        merge(configuration, keys);
        return configuration;
    }

    private static void merge(ObjectNode into, JsonNode more) {
        for (Map.Entry<String, JsonNode> entry : more.properties()) {
            if (entry.getValue() instanceof ObjectNode deeper && into.get(entry.getKey()) instanceof ObjectNode there) {
                merge(there, deeper);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
