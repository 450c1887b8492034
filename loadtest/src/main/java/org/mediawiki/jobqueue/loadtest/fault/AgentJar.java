package org.mediawiki.jobqueue.loadtest.fault;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.objectweb.asm.ClassWriter;

/**
 * {@link FaultAgent} in the form in which a JVM takes it, made when it is needed: so this also runs from folders of classes,
 * and in versions of the service that have never heard of it.
 */
public final class AgentJar {

    private static final String AGENT = "faults-agent.jar";
    private static final String BOOT = "faults-boot.jar";

    private final Path jar;

    private AgentJar(Path jar) {
        this.jar = jar;
    }

    /**
     * Writes it.
     *
     * @param folder where it stays for as long as instances run
     */
    public static AgentJar in(Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve(BOOT), manifest(), List.of("Faults"));
        Manifest manifest = manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(new Attributes.Name("Premain-Class"), FaultAgent.class.getName());
        attributes.put(new Attributes.Name("Can-Retransform-Classes"), "true");
        attributes.put(new Attributes.Name("Boot-Class-Path"), BOOT);
        attributes.put(Attributes.Name.CLASS_PATH, libraries());
        Path jar = folder.resolve(AGENT);
        write(
                jar,
                manifest,
                List.of(
                        "FaultAgent",
                        "FaultControl",
                        "FaultControl$State",
                        "Rewriting",
                        "Rewriting$Asking",
                        "Rewriting$Delayed",
                        "Rewriting$Rewritten",
                        "Rewriting$Shifted"));
        return new AgentJar(jar);
    }

    /** The JVM option with which an instance obeys {@code control}. */
    public String option(FaultControl control) {
        return "-javaagent:" + jar.toAbsolutePath() + "=" + control.file().toAbsolutePath();
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }

    private static String libraries() {
        try {
            return ClassWriter.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where ASM is", e);
        }
    }

    private static void write(Path jar, Manifest manifest, List<String> classes) throws IOException {
        try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String name : classes) {
                String file = AgentJar.class.getPackageName().replace('.', '/') + "/" + name + ".class";
                entries.putNextEntry(new JarEntry(file));
                try (InputStream bytes = AgentJar.class.getClassLoader().getResourceAsStream(file)) {
                    if (bytes == null) {
                        throw new IllegalStateException("not on the class path: " + file);
                    }
                    bytes.transferTo(entries);
                }
            }
        }
    }
}
