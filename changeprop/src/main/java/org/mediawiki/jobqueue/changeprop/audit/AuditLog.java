package org.mediawiki.jobqueue.changeprop.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest {@value #KEPT} changes of the whole fleet. Each is in the log as well, which keeps them for longer.
 *
 * <p>Any thread.
 */
public final class AuditLog {

    /** How the keys begin. */
    public static final String PREFIX = "audit/";

    static final int KEPT = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final Board board;
    private final String instance;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final ConcurrentSkipListMap<String, AuditRecord> records = new ConcurrentSkipListMap<>();

    /** Where the records stand. */
    @FunctionalInterface
    public interface Board {

        /** Completes when all in-sync replicas have it; null: nothing any more. */
        CompletableFuture<Void> write(String key, byte @Nullable [] value);
    }

    /** Who asks: as they call themselves, and from where. */
    public record Operator(String by, String address) {}

    /** {@code ids} tells apart what happens at once. */
    public AuditLog(Board board, String instance, InstantSource clock, Supplier<String> ids) {
        this.board = board;
        this.instance = instance;
        this.clock = clock;
        this.ids = ids;
    }

    /** A record of the topic was read. */
    public void told(String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return;
        }
        String id = key.substring(PREFIX.length());
        if (value == null) {
            records.remove(id);
        } else {
            read(id, value).ifPresent(this::keep);
        }
    }

    /** The newest first, {@code limit} at most. */
    public List<AuditRecord> newest(int limit) {
        return records.descendingMap().values().stream().limit(limit).toList();
    }

    /**
     * Somebody asks for a change: to be waited for before it is made.
     *
     * @return completes when it is written down; fails where that cannot be done, and then nothing must be changed
     */
    public CompletableFuture<AuditRecord> begin(
            Operator operator, String action, String subject, String detail, String reason) {
        Instant now = clock.instant();
        AuditRecord record = new AuditRecord(
                now.toEpochMilli() + "-" + ids.get(),
                now,
                operator.by(),
                operator.address(),
                instance,
                action,
                subject,
                detail,
                reason,
                "");
        return write(record).thenApply(ignored -> record);
    }

    /** What came of it. Does not fail: that it was asked for is known. */
    public void end(AuditRecord begun, String outcome) {
        AuditRecord record = begun.withOutcome(outcome);
        LOG.info("Operator {} ({}): {}", record.by(), record.address(), record.line());
        var unused = write(record).exceptionally(failure -> {
            LOG.warn("What came of {} could not be written down: {}", record.action(), failure.toString());
            return null;
        });
    }

    private CompletableFuture<Void> write(AuditRecord record) {
        return board.write(PREFIX + record.id(), bytes(record)).thenRun(() -> keep(record));
    }

    /** Whoever sees too many takes the oldest away; several may do so, to the same effect. */
    private void keep(AuditRecord record) {
        records.put(record.id(), record);
        while (records.size() > KEPT) {
            Map.Entry<String, AuditRecord> oldest = records.pollFirstEntry();
            if (oldest != null) {
                var unused = board.write(PREFIX + oldest.getKey(), null);
            }
        }
    }

    private static byte[] bytes(AuditRecord record) {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", record.at().toString())
                .put("by", record.by())
                .put("address", record.address())
                .put("instance", record.instance())
                .put("action", record.action())
                .put("subject", record.subject())
                .put("detail", record.detail())
                .put("reason", record.reason())
                .put("outcome", record.outcome());
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<AuditRecord> read(String id, byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            return Optional.of(new AuditRecord(
                    id,
                    Instant.parse(json.path("at").asText()),
                    json.path("by").asText(),
                    json.path("address").asText(),
                    json.path("instance").asText(),
                    json.path("action").asText(),
                    json.path("subject").asText(),
                    json.path("detail").asText(),
                    json.path("reason").asText(),
                    json.path("outcome").asText()));
        } catch (IOException | DateTimeException ofALaterVersion) {
            return Optional.empty();
        }
    }
}
