package org.mediawiki.jobqueue.changeprop.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.MemberDescription;

/**
 * The process ids of Kafka Streams, which begin the names of its transactions (KIP-447): here they follow from the
 * {@code client.id}, so that everybody can tell whose a transaction is. Left alone, Streams draws one at random, and
 * keeps it in a file of its state folder.
 */
final class ProcessIds {

    /** Where Streams looks for its id; {@code StateDirectory.PROCESS_FILE_NAME}. */
    private static final String FILE = "kafka-streams-process-metadata";

    /** What Streams puts after the {@code client.id} in the names of its threads' clients. */
    private static final String THREAD = "-StreamThread-";

    /** Of ids made from names (RFC 9562). Those that Streams draws are of version 4. */
    private static final int OF_NAMES = 3;

    private final String application;

    ProcessIds(String application) {
        this.application = application;
    }

    /**
     * Writes the id of this process to where Streams looks for it. Before Streams starts.
     *
     * @throws UncheckedIOException where nothing can be written there
     */
    void settle(Path stateFolder, String clientId) {
        Path file = stateFolder.resolve(application).resolve(FILE);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{\"processId\":\"" + of(clientId) + "\"}");
        } catch (IOException e) {
            throw new UncheckedIOException("the process id of the scheduler, " + file, e);
        }
    }

    /** The id of whoever is this member of the group; of no use where its version draws ids. */
    UUID of(MemberDescription member) {
        String client = member.clientId();
        int end = client.lastIndexOf(THREAD);
        return of(end < 0 ? client : client.substring(0, end));
    }

    /** Whose transactions have this name; empty where it is none of this application, or of a version that draws ids. */
    Optional<UUID> ofTransactions(String transactionalId) {
        int end = transactionalId.lastIndexOf('-');
        int begin = application.length() + 1;
        if (!transactionalId.startsWith(application + "-") || end <= begin) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(transactionalId.substring(begin, end)))
                    .filter(id -> id.version() == OF_NAMES);
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    private UUID of(String clientId) {
        return UUID.nameUUIDFromBytes((application + "/" + clientId).getBytes(StandardCharsets.UTF_8));
    }
}
