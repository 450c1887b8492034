package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobs;
import org.mediawiki.jobqueue.changeprop.dead.Mark;

/**
 * A dead job in full.
 *
 * @param event the job as JSON; null where the record holds none
 * @param raw the bytes that died, as text
 * @param mark what was done about it; null where nothing was
 */
record WholeDeadJob(
        DeadItem job,
        String emitter,
        Map<String, String> headers,
        String body,
        @Nullable JsonNode event,
        String raw,
        @Nullable View mark) {

    /** What was done about one. */
    record View(String state, String by, Instant at, String reason) {

        static View of(Mark mark) {
            return new View(mark.state().name().toLowerCase(Locale.ROOT), mark.by(), mark.at(), mark.reason());
        }
    }

    static WholeDeadJob of(DeadJobs.Opened opened) {
        String raw = opened.record().raw().toString();
        return new WholeDeadJob(
                DeadItem.of(opened.record().job(), opened.state()),
                opened.record().emitter(),
                opened.record().headers(),
                opened.record().body(),
                opened.record().event().isPresent() ? Json.tree(raw.getBytes(StandardCharsets.UTF_8)) : null,
                raw,
                opened.mark().map(View::of).orElse(null));
    }
}
