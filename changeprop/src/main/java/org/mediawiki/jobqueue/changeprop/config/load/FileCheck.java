package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Files that the configuration names: certificates, keys, trust stores. */
final class FileCheck implements Check {

    private static final JsonPointer TARGETS = JsonPointer.compile("/targets");
    private static final JsonPointer REDIS_TLS = JsonPointer.compile("/dedupe/redis/tls");
    private static final JsonPointer INTAKE_TLS = JsonPointer.compile("/intake/tls");
    private static final JsonPointer KAFKA = JsonPointer.compile("/kafka");

    private final Predicate<Path> isReadable;

    FileCheck(Predicate<Path> isReadable) {
        this.isReadable = isReadable;
    }

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        for (Map.Entry<String, JsonNode> target :
                document.root().path("targets").properties()) {
            checkTls(document, TARGETS.appendProperty(target.getKey()).appendProperty("tls"), problems);
        }
        checkTls(document, REDIS_TLS, problems);
        checkTls(document, INTAKE_TLS, problems);
        for (String section : List.of("client", "consumer", "producer")) {
            JsonPointer properties = KAFKA.appendProperty(section);
            checkFile(document, properties.appendProperty("ssl.truststore.location"), problems);
            checkFile(document, properties.appendProperty("ssl.keystore.location"), problems);
        }
    }

    private void checkTls(Document document, JsonPointer tls, Consumer<Problem> problems) {
        for (String file : List.of("ca", "certificate", "key")) {
            checkFile(document, tls.appendProperty(file), problems);
        }
        JsonNode settings = document.root().at(tls);
        if (settings.has("certificate") != settings.has("key")) {
            String given = settings.has("key") ? "key" : "certificate";
            String missing = settings.has("key") ? "certificate" : "key";
            problems.accept(document.problem(
                    tls.appendProperty(missing), "is missing", "`" + given + "` and `" + missing + "` go together"));
        }
    }

    private void checkFile(Document document, JsonPointer at, Consumer<Problem> problems) {
        JsonNode file = document.root().at(at);
        if (file.isTextual() && !canRead(file.asText())) {
            String hint = "is the file there, and may this user read it?";
            boolean isAbsolute = file.asText().startsWith("/");
            String start =
                    isAbsolute ? "" : " Relative names start at " + Path.of("").toAbsolutePath();
            problems.accept(document.problem(at, "cannot be read", hint + start));
        }
    }

    private boolean canRead(String file) {
        try {
            return isReadable.test(Path.of(file));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
