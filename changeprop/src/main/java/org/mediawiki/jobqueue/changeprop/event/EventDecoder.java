package org.mediawiki.jobqueue.changeprop.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.EventJson;

/**
 * Reads the records of job topics. Nothing in a record makes it throw: what is no event comes back with the reason
 * (SPEC section 10).
 */
public final class EventDecoder {

    private static final String NOT_AN_OBJECT = "the record is not a JSON object";
    private static final String NOT_UTF8 = "the record is not JSON: it is not UTF-8";

    /** How many bytes tell an encoding. */
    private static final int ENCODING_BYTES = 4;

    /** Reads a job event. */
    public Decoded<JobEvent> job(byte[] bytes) {
        return read(bytes, JobEventFields::new);
    }

    /** Reads a job event of which nothing but the fields that matter is to be in memory; closes {@code bytes}. */
    public Decoded<JobEvent> job(InputStream bytes) {
        try (PushbackInputStream all = new PushbackInputStream(bytes, ENCODING_BYTES)) {
            byte[] first = all.readNBytes(ENCODING_BYTES);
            all.unread(first);
            return EventJson.looksLikeUtf16OrUtf32(first)
                    ? new Decoded.Invalid<>(NOT_UTF8)
                    : read(() -> EventJson.parser(all), JobEventFields::new);
        } catch (IOException e) {
            return notJson(e);
        }
    }

    /**
     * Reads a retry event. The job event inside is handed on as the very bytes that stand there, so that what goes to
     * the runner is what MediaWiki signed.
     */
    public Decoded<RetryEvent> retry(byte[] bytes) {
        Decoded<RetryEventFields.Envelope> envelope = read(bytes, RetryEventFields::new);
        return envelope.match(e -> unwrap(e, bytes), Decoded.Invalid::new);
    }

    private Decoded<RetryEvent> unwrap(RetryEventFields.Envelope envelope, byte[] bytes) {
        byte[] original = Arrays.copyOfRange(bytes, envelope.originalFrom(), envelope.originalTo());
        return job(original)
                .match(
                        job -> new Decoded.Valid<>(envelope.around(job, Buffer.buffer(bytes))),
                        reason -> new Decoded.Invalid<>("original_event: " + reason));
    }

    private static <T> Decoded<T> read(byte[] bytes, Supplier<Fields<T>> fields) {
        return EventJson.looksLikeUtf16OrUtf32(bytes)
                ? new Decoded.Invalid<>(NOT_UTF8)
                : read(() -> EventJson.parser(bytes), fields);
    }

    private interface Opening {
        JsonParser parser() throws IOException;
    }

    private static <T> Decoded<T> read(Opening opening, Supplier<Fields<T>> fields) {
        try (JsonParser parser = opening.parser()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Decoded.Invalid<>(NOT_AN_OBJECT);
            }
            Fields<T> read = fields.get();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                read.field(name, parser);
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                return new Decoded.Invalid<>("the record goes on behind its JSON object");
            }
            return read.event();
        } catch (JsonProcessingException e) {
            return new Decoded.Invalid<>("the record is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return notJson(e);
        }
    }

    private static <T> Decoded<T> notJson(IOException why) {
        return new Decoded.Invalid<>("the record is not JSON: " + why.getMessage());
    }

    /** Collects the fields of one object, one call each; what it does not know it leaves alone. */
    interface Fields<T> {

        /** The parser stands on the value. Children that are left unread are skipped. */
        void field(String name, JsonParser parser) throws IOException;

        Decoded<T> event();
    }

    /** A string, or empty where the value is anything else. */
    static Optional<String> text(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
    }
}
