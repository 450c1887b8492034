package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.event.Timestamps;
import org.mediawiki.jobqueue.changeprop.topic.Topics;
import org.mediawiki.jobqueue.runner.FilledMeta;

/**
 * Looks at events one by one: whether they are such, whether their stream is taken, what their {@code meta} lacks. Pure
 * but for the clock and the ids that it is given; any thread may call it.
 */
final class Examination {

    /** Kafka takes no other names. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final int LONGEST_TOPIC = 249;

    /** About what may be filled in. */
    private static final int ROOM_FOR_META = 200;

    private final Topics topics;
    private final Set<String> otherStreams;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final EventRules jobs = EventRules.ofJobs();
    private final EventRules events = EventRules.ofEvents();

    /**
     * @param otherStreams the streams that are taken besides those of jobs
     * @param ids gives {@code meta.id} and {@code meta.request_id} where an event has none
     */
    Examination(Topics topics, Set<String> otherStreams, InstantSource clock, Supplier<String> ids) {
        this.topics = topics;
        this.otherStreams = otherStreams;
        this.clock = clock;
        this.ids = ids;
    }

    /** Examines what stands at {@code span} of {@code body}, which is known to be JSON. */
    Examined examine(byte[] body, Span span) {
        byte[] event = span.in(body);
        EventOutline outline = EventOutline.of(event, jobs.schema());
        String stream = outline.meta("stream");
        boolean isJob = topics.isJobStream(stream);
        if (!isJob && !stream.isEmpty() && !otherStreams.contains(stream)) {
            return new Examined.Bad("the stream " + shortened(stream) + " is not taken here");
        }
        Optional<String> fault =
                isJob || stream.isEmpty() ? jobs.fault(outline).or(() -> faultOfDates(outline)) : events.fault(outline);
        if (fault.isPresent()) {
            return new Examined.Bad(fault.get());
        }
        String topic = topics.topicOf(stream);
        // The retry topic bears the longer name.
        if (!NAME.matcher(stream).matches() || topics.retryTopicOf(topic).length() > LONGEST_TOPIC) {
            return new Examined.Bad("the stream " + shortened(stream) + " cannot be the name of a topic");
        }
        return new Examined.Good(topic, filled(event, outline));
    }

    /**
     * The schema's dates are those of RFC 3339, and the lanes, where such a job would be dead at once, do not read all of
     * them: a space for the T, a leap second. A root event's date is not looked at: with one that they cannot read the
     * job is run all the same.
     */
    private static Optional<String> faultOfDates(EventOutline event) {
        return Stream.of("/meta/dt", "/delay_until")
                .filter(path -> event.text(path)
                        .filter(text -> Timestamps.parse(text).isEmpty())
                        .isPresent())
                .map(path -> path + ": is not an ISO 8601 date such as 2026-01-02T03:04:05Z")
                .findFirst();
    }

    private Buffer filled(byte[] event, EventOutline outline) {
        Map<String, String> missing = new LinkedHashMap<>();
        if (!outline.hasMeta("id")) {
            missing.put("id", ids.get());
        }
        if (!outline.hasMeta("dt")) {
            missing.put("dt", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        }
        if (!outline.hasMeta("request_id")) {
            missing.put("request_id", ids.get());
        }
        if (missing.isEmpty()) {
            return Buffer.buffer(event);
        }
        int at = outline.behindMeta();
        return Buffer.buffer(event.length + ROOM_FOR_META)
                .appendBytes(event, 0, at)
                .appendString(FilledMeta.insertion(missing))
                .appendBytes(event, at, event.length - at);
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
