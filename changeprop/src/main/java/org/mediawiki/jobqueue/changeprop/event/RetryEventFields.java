package org.mediawiki.jobqueue.changeprop.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** The fields of {@code /change-prop/retry/1.0.0}, and where in the record the job event stands. */
final class RetryEventFields implements EventDecoder.Fields<RetryEventFields.Envelope> {

    private MetaFields meta = new MetaFields();
    private Optional<String> triggeredBy = Optional.empty();
    private Optional<String> emitterId = Optional.empty();
    private OptionalInt retriesLeft = OptionalInt.empty();
    private OptionalInt nthRetry = OptionalInt.empty();
    private boolean waited;
    private boolean originalSeen;
    private int originalFrom;
    private int originalTo;

    /** A retry event whose job event has not been read yet: it stands at these positions of the record. */
    record Envelope(
            MetaFields meta,
            Optional<String> triggeredBy,
            Optional<String> emitterId,
            int retriesLeft,
            OptionalInt nthRetry,
            boolean waited,
            int originalFrom,
            int originalTo) {

        RetryEvent around(JobEvent job, Buffer record) {
            return new RetryEvent(
                    meta.stream().orElse(""),
                    meta.uri().orElse(""),
                    meta.dt().flatMap(Timestamps::parse),
                    triggeredBy.orElse(""),
                    emitterId.orElse(""),
                    retriesLeft,
                    nthRetry,
                    waited,
                    job,
                    record.slice(originalFrom, originalTo),
                    record);
        }
    }

    @Override
    public void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "meta" -> meta = MetaFields.read(parser);
            case "triggered_by" -> triggeredBy = EventDecoder.text(parser);
            case "emitter_id" -> emitterId = EventDecoder.text(parser);
            case "retries_left" -> retriesLeft = integer(parser);
            case EventEncoder.NTH_RETRY -> nthRetry = integer(parser);
            case EventEncoder.WAITED -> waited = parser.currentToken() == JsonToken.VALUE_TRUE;
            case "original_event" -> original(parser);
            default -> {}
        }
    }

    @Override
    public Decoded<Envelope> event() {
        if (!originalSeen) {
            return new Decoded.Invalid<>("required field original_event is missing or not an object");
        }
        if (retriesLeft.isEmpty()) {
            return new Decoded.Invalid<>("required field retries_left is missing or not a whole number");
        }
        return new Decoded.Valid<>(new Envelope(
                meta, triggeredBy, emitterId, retriesLeft.getAsInt(), nthRetry, waited, originalFrom, originalTo));
    }

    private static OptionalInt integer(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() == JsonParser.NumberType.INT
                ? OptionalInt.of(parser.getIntValue())
                : OptionalInt.empty();
    }

    private void original(JsonParser parser) throws IOException {
        originalSeen = parser.currentToken() == JsonToken.START_OBJECT;
        if (originalSeen) {
            originalFrom = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            originalTo = (int) parser.currentLocation().getByteOffset();
        }
    }
}
