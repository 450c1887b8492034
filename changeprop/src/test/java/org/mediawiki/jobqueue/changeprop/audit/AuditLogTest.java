package org.mediawiki.jobqueue.changeprop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog.Operator;

class AuditLogTest {

    private static final Operator ADA = new Operator("ada", "127.0.0.1");

    private final Map<String, Optional<Buffer>> topic = new HashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private boolean isDown;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AuditLog log = new AuditLog(this::write, "one", () -> now, () -> "" + ids.incrementAndGet());

    @Test
    void writesDownWhatIsAskedForAndWhatCameOfIt() {
        AuditRecord begun =
                log.begin(ADA, "dead.drop", "3 dead jobs", "", "useless").join();
        assertThat(log.newest(10)).containsExactly(begun);

        log.end(begun, "3 of 3 done");

        assertThat(log.newest(10)).containsExactly(begun.withOutcome("3 of 3 done"));
        assertThat(another().newest(10)).containsExactly(begun.withOutcome("3 of 3 done"));
    }

    @Test
    void failsWhereItCannotBeWrittenDown() {
        isDown = true;

        assertThat(log.begin(ADA, "dead.drop", "all", "", "")).isCompletedExceptionally();
        assertThat(log.newest(10)).isEmpty();
    }

    @Test
    void keepsTheNewestAndTakesTheOthersAway() {
        for (int i = 0; i < AuditLog.KEPT + 5; i++) {
            now = now.plusSeconds(1);
            log.begin(ADA, "dead.drop", "number " + i, "", "").join();
        }

        assertThat(log.newest(AuditLog.KEPT + 100)).hasSize(AuditLog.KEPT);
        assertThat(log.newest(1).get(0).subject()).isEqualTo("number " + (AuditLog.KEPT + 4));
        assertThat(topic.values().stream().filter(Optional::isPresent)).hasSize(AuditLog.KEPT);
    }

    @Test
    void passesOverWhatIsNoRecord() {
        log.told("audit/1", "{".getBytes(StandardCharsets.UTF_8));
        log.told("audit/2", "{\"at\": \"yesterday\"}".getBytes(StandardCharsets.UTF_8));
        log.told("dead/x/1/2", new byte[0]);

        assertThat(log.newest(10)).isEmpty();
    }

    /** One that starts now, and reads the topic. */
    private AuditLog another() {
        AuditLog other = new AuditLog(this::write, "two", () -> now, () -> "x");
        topic.forEach(
                (key, value) -> other.told(key, value.map(Buffer::getBytes).orElse(null)));
        return other;
    }

    private CompletableFuture<Void> write(String key, byte @Nullable [] value) {
        if (isDown) {
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        topic.put(key, Optional.ofNullable(value).map(Buffer::buffer));
        return CompletableFuture.completedFuture(null);
    }
}
